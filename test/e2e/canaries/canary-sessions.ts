/**
 * Sessions that put a secret in each place where Docker's clients have one. `{{what}}` stands for the secret of that
 * name: another one in each recording and in each replay. Lines are shell, and are run among the session's files.
 */
import type { ClientName } from "../clients.ts";

export type CanaryUpstream = "mock" | "20.10" | "28";

export interface CanarySession {
  readonly does: string;
  readonly clients: readonly ClientName[];
  readonly upstreams: readonly CanaryUpstream[];
  readonly lines: readonly string[];
  /** By path; they have secrets, too. */
  readonly files?: Readonly<Record<string, string>>;
  /** The beginning of each secret is a letter, and all of it may stand in a URL. @default as awkward as a value may be */
  readonly isPlain?: boolean;
  /** Of secrets that the session's program has. */
  readonly programs?: readonly string[];
  /** Flags for `whalesong record`. */
  readonly flags?: readonly string[];
}

const CLIS: readonly ClientName[] = ["docker CLI 28.5", "docker CLI 20.10"];
const ALL: readonly CanaryUpstream[] = ["mock", "20.10", "28"];

export const CANARY_SESSIONS: readonly CanarySession[] = [
  {
    does: "environments, from all that sets them to all that shows them",
    clients: CLIS,
    upstreams: ALL,
    files: { "web.env": "API_TOKEN={{env file}}\nFISH=cod\n" },
    lines: [
      "docker run --name web --env-file web.env -e DB_PASSWORD='{{env}}' -d busybox sh -c 'echo logged $DB_PASSWORD; sleep 60'",
      "docker exec -e SECRET_KEY='{{exec env}}' web env",
      'docker exec web sh -c \'printf %s "$DB_PASSWORD" | base64; printf %s "$DB_PASSWORD" | od -An -tx1 | tr -d " \\n"\'',
      "docker exec web sh -c 'for c in 1 2 3; do printf %s \"$DB_PASSWORD\"; sleep 0.1; done'",
      "docker exec web sh -c 'printf %s $DB_PASSWORD | cut -c 1-9 | tr -d \"\\n\"; sleep 0.3; printf %s $DB_PASSWORD | cut -c 10-'",
      "docker commit -c 'ENV AUTH_SECRET={{commit}}' web kept",
      "docker history --no-trunc kept",
      "docker inspect web kept",
      "docker logs web",
      "docker run --rm -e HTTP_PROXY=http://me:{{proxy}}@proxy:3128 busybox env",
      "docker rm -f web",
      "docker rmi kept",
    ],
    isPlain: true,
  },
  {
    does: "environments with characters that encodings change",
    clients: CLIS,
    upstreams: ALL,
    lines: [
      "docker run --name web -e DB_PASSWORD='{{env}}' -d busybox sh -c 'echo \"logged $DB_PASSWORD\"; sleep 60'",
      "docker exec -e SECRET_KEY='{{exec env}}' web env",
      "docker exec web sh -c 'printf %s \"$DB_PASSWORD\" | base64'",
      "docker inspect web",
      "docker inspect --format '{{json .Config.Env}}' web",
      "docker logs web",
      "docker rm -f web",
    ],
  },
  {
    does: "commands, health checks, labels, options, and the events of it",
    clients: CLIS,
    upstreams: ALL,
    isPlain: true,
    lines: [
      "docker run --name flag -d busybox sleep --password={{flag}}",
      "docker create --name shell busybox sh -c 'PGPASSWORD={{assignment}} psql; mysql -p{{attached flag}}'",
      "docker create --name label -l my.token={{label}} busybox true",
      "docker create --name health --health-cmd 'curl -H \"Authorization: Bearer {{health}}\" x' busybox true",
      "docker create --name curl --health-cmd 'curl -u me:{{curl user}} http://x' busybox true",
      "docker create --name logger --log-driver splunk --log-opt splunk-token={{log option}} --log-opt splunk-url=http://127.0.0.1:1 busybox true",
      "docker create --name url busybox wget https://me:{{url}}@registry.example/x",
      "docker inspect flag shell label health curl logger url",
      "docker ps -a --no-trunc",
      "docker ps -a --filter label=my.token={{filter}}",
      "docker volume create -o type=cifs -o device=//h/s -o o=addr=h,username=u,password={{volume}} vol",
      "docker volume inspect vol",
      "docker network create -o my.secret={{network}} --label api.key={{network label}} net",
      "docker network inspect net",
      "docker rm -f flag shell label health curl logger url",
      "docker volume rm vol",
      "docker network rm net",
      "docker events --since 1m --until 0s",
    ],
  },
  {
    does: "logins, pulls and pushes with credentials",
    clients: CLIS,
    upstreams: ALL,
    isPlain: true,
    lines: [
      "echo {{login}} | docker login -u me --password-stdin $GUARD",
      "drive --pty 'expect:assword: ;;send:{{typed login}}\\r' docker login -u you $GUARD; true",
      "docker tag busybox $GUARD/kept && docker push $GUARD/kept",
      "docker pull $GUARD/kept",
      "docker rmi $GUARD/kept",
      "docker logout $GUARD",
    ],
  },
  {
    does: "passwords that are typed",
    clients: CLIS,
    upstreams: ALL,
    isPlain: true,
    lines: [
      "drive --pty 'expect:assword: ;;send:{{prompted}}\\r;;expect:got it' docker run --rm -it busybox sh -c 'stty -echo; printf \"Password: \"; read p; stty echo; echo; echo got it'",
      "drive --pty 'expect:# ;;send:stty -echo; printf \"%s> \" ready; read -s p; stty echo; echo got it\\r;;expect:ready> ;;send:{{unechoed}}\\r;;expect:got it;;expect:# ;;send:exit\\r' docker run --rm -it busybox sh",
      "printf '{{piped}}\\n' | docker run --rm -i -e APP_TOKEN={{piped}} busybox cat",
    ],
  },
  {
    does: "builds by the classic builder",
    flags: ["--redact", "tars"],
    clients: CLIS,
    upstreams: ALL,
    isPlain: true,
    files: {
      "context/Dockerfile":
        "FROM busybox\nARG API_TOKEN\nARG HTTP_PROXY\nENV SECRET_KEY={{dockerfile env}}\nLABEL my.password={{dockerfile label}}\nRUN echo token $API_TOKEN && echo proxy $HTTP_PROXY\n",
      "config/config.json":
        '{"proxies":{"default":{"httpProxy":"http://me:{{config proxy}}@proxy:3128"}},"HttpHeaders":{"X-Meta-Secret":"{{config header}}"}}',
    },
    lines: [
      "DOCKER_BUILDKIT=0 docker build --build-arg API_TOKEN={{build arg}} --label build.token={{build label}} -t built context",
      "docker history --no-trunc built",
      "docker inspect built",
      "docker rmi built",
    ],
  },
  {
    does: "builds by BuildKit",
    flags: ["--redact", "tars"],
    clients: CLIS,
    upstreams: ALL,
    isPlain: true,
    files: {
      "context/Dockerfile":
        "FROM busybox\nARG API_TOKEN\nARG HTTP_PROXY\nENV SECRET_KEY={{dockerfile env}}\nLABEL my.password={{dockerfile label}}\nRUN echo token $API_TOKEN && echo proxy $HTTP_PROXY\nRUN --mount=type=secret,id=key cat /run/secrets/key\nRUN echo step $API_TOKEN; exit 3\n",
      "context/.dockerignore": ".env\n",
      "context/.env": "DB_PASSWORD={{ignored file}}\n",
      key: "{{secret file}}\n",
      "config/config.json":
        '{"proxies":{"default":{"httpProxy":"http://me:{{config proxy}}@proxy:3128"}},"auths":{"registry.example":{"auth":"bWU6eA=="}}}',
    },
    lines: [
      "DOCKER_BUILDKIT=1 docker build --progress plain --build-arg API_TOKEN={{build arg}} --label build.token={{build label}} --secret id=key,src=key -t built context; true",
      "sed -i '$d' context/Dockerfile; DOCKER_BUILDKIT=1 docker build --progress plain --build-arg API_TOKEN={{build arg}} --secret id=key,src=key -t built context",
      "docker history --no-trunc built",
      "docker inspect built",
      "docker rmi built",
    ],
  },
  {
    does: "a compose project",
    clients: ["compose 2"],
    upstreams: ALL,
    isPlain: true,
    files: {
      "shop/compose.yaml": `services:
  db:
    image: busybox
    command: ["sh", "-c", "echo $$POSTGRES_PASSWORD; sleep 60"]
    stop_grace_period: 0s
    environment: {POSTGRES_PASSWORD: "{{compose env}}", POSTGRES_USER: "shop"}
    env_file: [db.env]
    labels: {shop.api-key: "{{compose label}}"}
    secrets: [file_secret]
    healthcheck: {test: "curl -u me:{{compose health}} x", interval: 60s}
  web:
    image: busybox
    command: ["sh", "-c", "sleep 60", "--token", "{{compose command}}"]
    stop_grace_period: 0s
    environment: ["DATABASE_URL=postgres://shop:{{compose url}}@db/shop"]
    configs: [site]
volumes:
  data: {driver_opts: {type: tmpfs, device: tmpfs, o: "password={{compose volume}}"}}
secrets:
  file_secret: {file: ./secret.txt}
configs:
  site: {file: ./site.conf}
`,
      "shop/db.env": "REPLICATION_PASSWORD={{compose env file}}\n",
      "shop/secret.txt": "{{compose secret}}\n",
      "shop/site.conf": "key = {{compose config}}\n",
    },
    lines: [
      "docker compose -f shop/compose.yaml up -d",
      "docker compose -f shop/compose.yaml ps -a",
      "docker compose -f shop/compose.yaml exec -T db env",
      "docker compose -f shop/compose.yaml logs",
      "docker compose -f shop/compose.yaml run --rm -e RUN_TOKEN={{compose run}} web env",
      "docker compose -f shop/compose.yaml down -v",
    ],
  },
  {
    does: "a swarm with secrets, configs and services",
    clients: CLIS,
    upstreams: ALL,
    isPlain: true,
    files: { "site.conf": "key = {{config}}\n" },
    lines: [
      "docker swarm init --advertise-addr 127.0.0.1 > init.txt",
      "docker swarm join-token worker",
      "docker swarm join-token --rotate manager",
      "docker swarm update --autolock > locked.txt",
      "docker swarm unlock-key -q",
      "printf '{{secret}}' | docker secret create -l a.token={{secret label}} sea -",
      "docker config create site site.conf",
      "docker config inspect site",
      "docker service create -d --name web --secret sea --config site -e SERVICE_TOKEN={{service env}} --label svc.password={{service label}} --health-cmd 'curl -u a:{{service health}} x' busybox sleep 60",
      "docker service inspect web",
      "docker service update -d --env-add OTHER_SECRET={{service update}} web",
      "docker service rm web",
      "docker secret rm sea",
      "docker config rm site",
      "docker swarm leave --force",
    ],
  },
  {
    does: "plugins, imports and remote contexts",
    clients: CLIS,
    upstreams: ALL,
    isPlain: true,
    lines: [
      "docker plugin set nosuch API_KEY={{plugin setting}}; true",
      "docker import http://me:{{import url}}@127.0.0.1:1/x.tar; true",
      "DOCKER_BUILDKIT=0 docker build http://me:{{remote url}}@127.0.0.1:1/x.tar; true",
    ],
  },
  {
    does: "what dockerode's users write",
    clients: ["dockerode"],
    upstreams: ALL,
    programs: [
      "argument",
      "env",
      "label",
      "health",
      "exec",
      "registryconfig",
      "build",
      "authconfig",
      "login",
      "volume",
    ].map((name) => `dockerode ${name}`),
    lines: ["node $PROGRAMS/canaries.mjs"],
  },
  {
    does: "what docker-py's users write",
    clients: ["docker-py"],
    upstreams: ALL,
    programs: ["flag", "env", "label", "health", "exec", "build", "volume", "login", "auth config"].map(
      (name) => `py ${name}`,
    ),
    lines: ["/usr/bin/python3 $PROGRAMS/canaries.py"],
  },
];

/** What nothing that is recorded answers: all of it comes into reports, and into what the client prints. */
export const MISSED_SESSION: CanarySession = {
  does: "requests that miss",
  clients: CLIS,
  upstreams: ["mock"],
  isPlain: true,
  lines: [
    "docker create --name missed -e DB_PASSWORD={{env}} -l my.token={{label}} --health-cmd 'curl -u me:{{health}} x' busybox sh -c 'PGPASSWORD={{command}} psql; mysql -p{{flag}}'",
    "docker volume create -o o=addr=a,password={{option}} missed",
    "docker network create --label a.secret={{network}} missed",
    "docker import http://me:{{url}}@127.0.0.1:1/x.tar",
    "printf 'FROM busybox\\n' | DOCKER_BUILDKIT=0 docker build --build-arg API_TOKEN={{build arg}} -",
    "echo {{login}} | docker login -u me --password-stdin 127.0.0.1:1",
    "printf {{data}} | docker secret create missed -",
    "docker plugin set missed API_KEY={{plugin}}",
    "docker ps --filter label=my.token={{filter}}",
  ],
};
