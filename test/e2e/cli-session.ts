/**
 * Follows a command that is ended by Ctrl-C: a docker CLI that is interrupted while it reads a stream exits with 130 or
 * with 0, by which of its threads is the first. Any other status stays a failure.
 */
export const ENDED_BY_INTERRUPT = "|| [ $? = 130 ]";

/** A client that attaches after the end is refused, and hears nothing of it: the container ends when one has heard it. */
const ATTACHED_TO_THE_END = `docker attach --no-stdin ticking > heard & attached=$!
  tries=0; until grep -qs waiting heard || [ $((tries += 1)) = 600 ]; do sleep 0.1; done
  docker exec ticking touch /go
  wait $attached; status=$?
  grep -v waiting heard; exit $status`;

/**
 * A day's work with the docker CLI, one shell line a step. What is the client's own (relative times) is set aside by
 * the formats asked for; Go's map order, by asking for single facts. Lines are played in a folder made by
 * `layOutFiles`, with `docker`, `drive` (drive.py), `without-log` (without-log.sh) and `$R` (the registry) at hand.
 */
export const CLI_SESSION: readonly string[] = [
  // The daemon
  "docker version",
  "docker info --format '{{.Driver}} {{.ServerVersion}} {{.Swarm.LocalNodeState}}'",
  "docker images --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}} {{.Size}}'",

  // Foreground runs
  "docker run --rm busybox echo hello",
  "docker run --rm busybox sh -c 'echo out; echo err >&2; exit 7'",
  "docker run --rm busybox seq 1 20000",
  "without-log docker run --rm busybox nosuchcommand",
  "printf 'one\\ntwo\\n' | docker run -i --rm busybox cat -n",
  "docker run -i --rm busybox md5sum < in/sub/numbers.txt",
  "docker run -i --rm busybox sh -c 'head -c 5; echo enough' < in/sub/numbers.txt",
  "docker run -t --rm busybox tty",
  "drive --pty 'expect:/ # ;;send:echo $((6*7))\\r;;expect:42;;expect:/ # ;;send:exit 3\\r' docker run -it --rm busybox sh",
  'drive --pty \'expect:/ # ;;resize:100x40;;send:until [ "$(stty size)" = "40 100" ]; do :; done; echo wi""de\\r;;expect:wide;;expect:/ # ;;send:\\x04\' docker run -it --rm busybox sh',
  "drive 'expect:ready\\n;;signal:INT' docker run --rm busybox sh -c 'trap \"exit 9\" INT; echo ready; while :; do sleep 0.05; done'",

  // A container that stays
  "without-log docker run -d --name web --label tide=low --hostname web busybox sh -c 'echo up; sleep 0.1; echo warned >&2; exec sleep 600'",
  "without-log docker run -d --name web busybox true",
  "docker ps --no-trunc --format '{{.ID}} {{.Names}} {{.Image}} {{.State}} {{.Labels}}'",
  "docker inspect web",
  "docker inspect --format '{{.State.Status}} {{.Config.Hostname}}' web nosuch",
  // Follows first, so that both lines are written before they are read.
  `drive --pty 'expect:warned\\r\\n;;send:\\x03' docker logs -f web ${ENDED_BY_INTERRUPT}`,
  "docker logs web",
  "docker logs --timestamps --tail 1 web",
  "docker exec web echo inside",
  "docker exec -e A=1 -w /tmp web sh -c 'echo $A $PWD; exit 3'",
  "printf 'a\\nb\\nc\\n' | docker exec -i web wc -l",
  "drive --pty 'expect:/ # ;;send:hostname\\r;;expect:web;;expect:/ # ;;send:exit 4\\r' docker exec -it web sh",
  "docker exec -d web touch /by-exec",
  "docker exec web nosuchcommand",
  "docker top web",
  "docker top web -o pid,comm",
  "docker stats --no-stream --format '{{.Name}} {{.MemUsage}} {{.PIDs}} {{.NetIO}}' web",
  "docker stats --no-stream --no-trunc --all --format '{{.Name}} {{.ID}}' | sort",
  "docker diff web",
  "docker update --memory 64m --memory-swap 64m --restart on-failure:2 web",
  "docker rename web shop",
  "docker pause shop",
  "docker exec shop true",
  "docker unpause shop",
  "docker restart -t 0 shop",
  "docker port shop",

  // Attach, detach
  "without-log docker run -d -i --name talk busybox sh -c 'while read x; do echo got $x; [ $x = two ] && exit 5; done'",
  "drive 'send:one\\n;;expect:got one;;send:two\\n;;expect:got two' docker attach talk",
  "without-log docker run -d --name ticking busybox sh -c 'until [ -e /go ]; do echo waiting; sleep 0.2; done; echo tick; echo tock; exit 6'",
  ATTACHED_TO_THE_END,
  "drive --pty 'expect:here\\r\\n;;send:\\x10\\x11' docker run -it --name left busybox sh -c 'echo here; exec cat'",
  "docker ps -a --format '{{.Names}} {{.State}}'",

  // Beginnings and ends
  "docker create --name later -i busybox cat",
  "echo piped | docker start -a -i later",
  "without-log docker run -d --name counted busybox sh -c 'for i in 1 2 3; do echo line $i; sleep 0.05; done; exit 8'",
  "docker logs -f counted",
  "docker wait counted talk",
  "docker wait shop > waited & docker kill -s KILL shop; wait $!; cat waited",
  "docker start shop",
  "docker stop -t 0 shop left",
  "docker ps -a --filter status=exited --format '{{.Names}}'",
  `drive 'expect:container destroy\\n;;signal:INT' docker events --since 1 --filter container=seen --format '{{.Type}} {{.Action}}' & docker run --rm --name seen busybox true; wait $! ${ENDED_BY_INTERRUPT}`,
  "docker events --since 1 --until 2 --filter container=nosuch",

  // Files
  "docker cp in shop:/in",
  "docker cp shop:/in/sub - | tar -tf - | sort",
  "docker cp -L shop:/in/link - | tar -xOf -",
  "rm -rf out && docker cp shop:/in/sub/numbers.txt out && cmp out in/sub/numbers.txt",
  "tar -C in --sort=name --mtime=@0 --owner=0 --group=0 -cf - . | docker cp - shop:/tmp",
  "docker cp shop:/nosuch out",
  "docker diff shop",
  "docker export shop > shop.tar; sha256sum < shop.tar",
  'docker import --message imported -c \'CMD ["cat","/in/hello.txt"]\' shop.tar tide/imported:1',
  "docker run --rm tide/imported:1",
  "docker export shop | docker import - tide/piped:1",

  // Images
  "docker commit -m 'a commit' -a whale --change 'ENV C=1' shop tide/committed:1",
  "docker tag tide/committed:1 tide/tagged:1",
  "docker history --no-trunc --format '{{.CreatedBy}}|{{.Comment}}' tide/tagged:1",
  "docker image inspect tide/tagged:1",
  "docker rmi tide/tagged:1",
  "docker rmi tide/nosuch:1",
  "docker save -o saved.tar tide/committed:1; sha256sum < saved.tar",
  "docker rmi tide/committed:1",
  "docker load -i saved.tar",
  "docker save tide/committed:1 busybox | docker load",
  "docker load < in/hello.txt",
  "DOCKER_BUILDKIT=0 docker build -t tide/built:1 context",
  "DOCKER_BUILDKIT=0 docker build -t tide/built:2 context",
  "DOCKER_BUILDKIT=0 docker build --no-cache -q --build-arg WHO=orca context",
  "DOCKER_BUILDKIT=0 docker build -f context/Failing context",
  "DOCKER_BUILDKIT=0 docker build -f context/Broken context",
  "printf 'FROM busybox\\nRUN echo from stdin\\n' | DOCKER_BUILDKIT=0 docker build -t tide/stdin:1 -",
  "printf 'FROM busybox\\nCOPY fish.txt /\\n' | DOCKER_BUILDKIT=0 docker build -q -f - -t tide/stdin:2 context",
  "docker run --rm tide/built:1",

  // A registry
  "echo s3cret-tide | docker login -u whale --password-stdin $R",
  "docker tag tide/built:1 $R/tide/built:1",
  "docker push $R/tide/built:1",
  "docker push $R/tide/built:1",
  "docker rmi $R/tide/built:1 tide/built:1 tide/built:2",
  "docker pull $R/tide/built:1",
  "docker pull $R/tide/built:1",
  "docker rmi $R/tide/built:1",
  "drive --pty '' docker pull $R/tide/built:1",
  "docker rmi $R/tide/built:1",
  "docker run --rm $R/tide/built:1",
  "docker pull $R/tide/nosuch:1",
  "docker run --rm $R/tide/nosuch:1",
  "docker logout $R",

  // Networks and volumes
  "docker network create --subnet 10.77.0.0/24 --label tide=low pool",
  "docker network create pool",
  "docker network ls --filter label=tide=low --no-trunc --format '{{.ID}} {{.Name}} {{.Driver}}'",
  "docker network inspect pool",
  "docker network connect --alias shark pool shop",
  "docker start shop",
  "docker run --rm --network pool busybox ping -c 1 -W 5 -q shop > ping.txt; echo $?",
  "docker network rm pool",
  "docker network disconnect -f pool shop",
  "docker network rm pool",
  "docker volume create --label tide=low cave",
  "docker volume inspect cave",
  "docker volume ls --filter label=tide=low --format '{{.Name}} {{.Driver}}'",
  "docker run --rm -v cave:/cave busybox sh -c 'echo kept > /cave/pearl'",
  "docker run --name diver -v cave:/cave:ro busybox cat /cave/pearl",
  "docker volume rm cave",

  // Cleaning up
  "docker rm shop",
  "docker rm -f shop nosuch",
  "docker system df",
  "docker rm diver talk",
  "docker volume rm cave",
  "docker rmi busybox",
  "docker container prune -f --filter label=tide=high",
  "docker network prune -f",
  "docker volume prune -f",
  "docker rm left later counted ticking",
  "docker rmi tide/imported:1 tide/piped:1 tide/committed:1 tide/stdin:1 tide/stdin:2 $R/tide/built:1",
  "docker image prune -f",
  "docker system prune -f",
  "docker ps -aq",
];
