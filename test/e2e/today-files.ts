/** The files of TODAY_SESSION, by path below the folder in which its lines are played. */
const STAY = 'trap "exit 0" TERM; while :; do sleep 0.05; done';

export const TODAY_FILES: Readonly<Record<string, string>> = {
  "app/Dockerfile": [
    "FROM busybox AS base",
    "ARG WHO=world",
    "WORKDIR /app",
    "COPY fish.txt .",
    "FROM base AS test",
    'RUN echo "tested for $WHO" > /tested && cat /tested',
    "FROM base AS final",
    "COPY --from=test /tested /app/tested",
    "COPY --chmod=644 <<-TIDE /app/tide",
    "\tlow at six",
    "TIDE",
    "LABEL tide=low",
    'CMD ["cat", "/app/tested", "/app/tide"]',
    "",
  ].join("\n"),
  "app/fish.txt": "cod\n",
  "vault/token.txt": "s3cret-tide\n",
  "app/.dockerignore": "*.json\n",
  "app/Secret":
    'FROM busybox\nRUN --mount=type=secret,id=token wc -c < /run/secrets/token > /length\nCMD ["cat", "/length"]\n',
  "app/Warned": "from busybox\nCMD cat /nothing\n",
  "app/Failing": "FROM busybox\nRUN echo before; exit 7\n",
  "app/Broken": "FROM busybox\nSWIM\n",
  "app/Files": "FROM busybox AS made\nRUN echo pearl > /pearl\nFROM scratch\nCOPY --from=made /pearl /shell/pearl\n",
  "app/docker-bake.hcl": `group "default" {
  targets = ["one", "two"]
}
variable "TAG" {
  default = "1"
}
target "one" {
  args = { WHO = "cod" }
  tags = ["tide/cod:\${TAG}"]
}
target "two" {
  inherits = ["one"]
  args = { WHO = "eel" }
  tags = ["tide/eel:\${TAG}"]
  target = "test"
}
`,
  "shop/compose.yaml": `name: shop
services:
  db:
    image: busybox
    command: [sh, -c, 'echo db is up; touch /ready; ${STAY}']
    healthcheck: { test: [CMD, test, -e, /ready], interval: 500ms, retries: 20 }
    volumes: ["data:/data"]
    networks: { back: { aliases: [store] } }
  web:
    build: { context: ., args: { HULL: "\${HULL:-blue}" } }
    image: tide/web
    pull_policy: build
    depends_on: { db: { condition: service_healthy } }
    env_file: web.env
    labels: { tide: low }
    ports: ["8080:80"]
    networks: [back, front]
    secrets: [token]
  job:
    image: busybox
    profiles: [jobs]
    command: [sh, -c, 'echo a job; exit 4']
    networks: [back]
volumes: { data: { labels: { tide: low } } }
networks: { back: {}, front: {} }
secrets: { token: { file: ../vault/token.txt } }
`,
  "shop/web.env": "FISH=cod\n",
  "shop/Dockerfile": `FROM busybox\nARG HULL\nRUN echo $HULL > /hull\nCOPY page.txt /\nCMD ["sh", "-c", "echo web is up; trap 'exit 0' TERM; while :; do sleep 0.05; done"]\n`,
  "shop/page.txt": "a page\n",
  "shop/failing.yaml": 'services: { web: { build: { dockerfile_inline: "FROM busybox\\nRUN exit 5\\n" } } }\n',
};
