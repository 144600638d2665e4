/** What is recorded from podman's service, which speaks Docker's API in its own way. */
import type { Session } from "./second-runs.ts";

export const PODMAN_SESSIONS: readonly Session[] = [
  {
    does: "runs, execs and logs, with and without stdin",
    line: `docker run --rm busybox sh -c 'echo out; sleep 0.3; echo err >&2; exit 3' 2>&1; echo $?
      printf 'one\\ntwo\\n' | docker run -i --rm busybox sh -c 'cat; echo end'
      head -c 300000 in/sub/numbers.txt | docker run -i --rm busybox md5sum
      docker run -d --name web-$RUN -e TIDE=$UUID busybox sh -c \\
        'for n in 1 2; do echo $n; sleep 0.3; done; echo bad >&2; sleep 0.3; echo last; trap exit TERM; while :; do sleep 0.1; done' | wc -c
      docker exec web-$RUN echo inside
      printf 'typed\\n' | docker exec -i web-$RUN sh -c 'cat; exit 5'; echo $?
      docker exec -e A=1 -w /tmp web-$RUN sh -c 'echo $A $PWD; echo bad >&2; exit 4' 2>&1; echo $?
      drive 'expect:last\\n;;signal:TERM' docker logs -f web-$RUN 2>&1
      docker logs web-$RUN 2>&1
      docker logs --tail 1 web-$RUN
      docker ps --filter name=web-$RUN --format '{{.Names}} {{.Image}}'
      docker inspect -f '{{.Name}} {{.State.Status}} {{.Config.Cmd}} {{.HostConfig.NetworkMode}}' web-$RUN
      docker pause web-$RUN; docker unpause web-$RUN
      docker top web-$RUN -eo args
      docker rename web-$RUN sea-$RUN
      docker stop -t 1 sea-$RUN; docker wait sea-$RUN
      docker logs -f sea-$RUN 2>&1
      docker rm sea-$RUN`,
  },
  {
    does: "attaches, beside others and after leaving",
    line: `docker create -i --name echo-$RUN busybox sh -c 'while read line; do echo got $line; done; echo end; exit 2' | wc -c
      printf 'a\\nb\\n' | docker start -ai echo-$RUN; echo $?
      docker run -d --name ticks-$RUN busybox sh -c 'sleep 1; for n in 1 2 3 4 5; do echo tick $n; sleep 0.3; done; exit 6' | wc -c
      docker attach --no-stdin ticks-$RUN; echo $?
      docker run -dit --name shell-$RUN busybox sh -c 'while read line; do sleep 0.3; echo got $line; done' | wc -c
      drive --pty 'send:one\\r;;expect:got one\\r\\n;;send:\\x10\\x11' docker attach shell-$RUN; echo $?
      drive --pty 'expect:here\\r\\n;;send:bye\\r' docker exec -it shell-$RUN sh -c 'echo here; read line; echo $line'; echo $?
      docker ps -a --filter name=$RUN --format '{{.Names}} {{.State}}' | sort
      docker rm -f echo-$RUN ticks-$RUN shell-$RUN`,
  },
  {
    does: "builds by POST /build, and files and images",
    line: `export DOCKER_BUILDKIT=0
      docker build -t tide:$RUN context; echo $?
      docker build -q --build-arg WHO=moon -t moon:$RUN context | wc -c
      docker run --rm moon:$RUN
      docker build -f context/Failing context; echo $?
      docker build -f context/Broken context; echo $?
      docker image inspect -f '{{.RepoTags}} {{.Config.Cmd}} {{.Config.Labels}}' tide:$RUN
      docker tag tide:$RUN again:$RUN
      docker images --format '{{.Repository}}:{{.Tag}}' | grep $RUN | sort
      docker history --format '{{.CreatedBy}}' tide:$RUN | head -n 2
      docker create --name files-$RUN tide:$RUN | wc -c
      docker cp in/sub files-$RUN:/tmp; docker cp files-$RUN:/tmp/sub/numbers.txt numbers; wc -c < numbers
      docker cp files-$RUN:/hello - | tar -xO
      docker diff files-$RUN | sort
      docker export files-$RUN | tar -t | grep -c bin/
      docker commit -m tide files-$RUN saved:$RUN | wc -c
      docker save tide:$RUN > image.tar; docker load < image.tar
      docker rm files-$RUN; docker rmi -f tide:$RUN moon:$RUN again:$RUN saved:$RUN | wc -l`,
  },
  {
    does: "volumes, networks, events and the system",
    line: `docker volume create vol-$RUN; docker network create net-$RUN | wc -c
      docker run --rm -v vol-$RUN:/data busybox sh -c 'echo kept > /data/file'
      docker run --rm -v vol-$RUN:/data --network net-$RUN --name at-$RUN busybox cat /data/file
      docker network inspect -f '{{.Name}} {{.Driver}}' net-$RUN; docker volume inspect -f '{{.Name}} {{.Driver}}' vol-$RUN
      docker volume ls -q --filter name=vol-$RUN; docker network ls --filter name=net-$RUN --format '{{.Name}}'
      docker events --since 5m --until 0s --filter container=at-$RUN --format '{{.Action}}'
      drive 'expect:remove\\n;;signal:INT' docker events --filter container=late-$RUN --format '{{.Action}}' > events &
      sleep 1; docker run --rm --name late-$RUN busybox true; wait; cat events
      docker network rm net-$RUN; docker volume rm vol-$RUN
      docker version --format '{{.Server.Version}} {{.Server.APIVersion}}'; docker info --format '{{.Driver}} {{.Name}}'
      docker system df --format '{{.Type}}'`,
  },
  {
    does: "what is refused",
    // Of CLI 20.10, which sends two requests of a build at once, only the status is compared: it prints whichever
    // refusal it reads first.
    line: `refused() { "$@" 2>&1; echo "status $?"; }
      refused docker run --rm none/such
      refused docker run --rm --name bad-$RUN busybox /no/such
      refused docker run --rm --name bad-$RUN -w /etc/passwd busybox true
      refused docker rm nothing-$RUN; refused docker start nothing-$RUN; refused docker exec nothing-$RUN true
      refused docker logs nothing-$RUN; refused docker inspect nothing-$RUN; refused docker attach nothing-$RUN
      refused docker cp nothing-$RUN:/a .; refused docker rmi nothing-$RUN; refused docker pull nothing
      refused docker network rm nothing-$RUN; refused docker volume rm nothing-$RUN; refused docker swarm init
      docker create --name one-$RUN busybox true | wc -c
      refused docker create --name one-$RUN busybox; refused docker exec one-$RUN true; refused docker kill one-$RUN
      refused docker cp one-$RUN:/no/such .; refused docker top one-$RUN; refused docker rmi busybox
      DOCKER_BUILDKIT=1 refused docker build -q context | grep -o '^ERROR: .*\\|^status .*'
      docker rm one-$RUN`,
  },
];
