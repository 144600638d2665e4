"""What is written with docker-py: runs, execs in all their forms, files, events, under names of this run ($RUN)."""
import io, os, socket, tarfile, time

import docker

RUN = os.environ["RUN"]
client = docker.from_env()


def say(*heard):
    print(*(str(one).replace(RUN, "RUN") for one in heard))


def tar_of(name, content):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()


begin = int(time.time())
say("ping", client.ping())
say("run", client.containers.run("busybox", ["echo", "hello"], name="short-" + RUN, remove=True))
try:
    client.containers.run("busybox", ["sh", "-c", "echo bad >&2; exit 3"], remove=True)
except docker.errors.ContainerError as error:
    say("failed", error.exit_status, error.stderr)

forever = "echo up; trap exit TERM; while :; do sleep 0.1; done"
web = client.containers.run(
    "busybox", ["sh", "-c", forever], name="web-" + RUN, detach=True, labels={"run": RUN}, environment={"A": 1, "B": 2}
)
say("first of the logs", next(iter(web.logs(stream=True, follow=True))))
say("exec", web.exec_run("echo inside"))
say("demux", web.exec_run(["sh", "-c", "echo out; sleep 0.2; echo err >&2; exit 4"], demux=True))
say("stream", list(web.exec_run(["sh", "-c", "for n in 1 2 3; do echo $n; sleep 0.3; done"], stream=True).output))
_, line = web.exec_run("cat", stdin=True, socket=True)
line._sock.sendall(b"typed\n")
line._sock.shutdown(socket.SHUT_WR)
say("socket", line.read())
say("tty", web.exec_run("tty", tty=True))
web.reload()
say(web.status, web.name)
say("listed", [one.name for one in client.containers.list(filters={"label": "run=" + RUN})])
say("stats", sorted(web.stats(stream=False))[:3])
say("put", web.put_archive("/tmp", tar_of("fish.txt", b"cod\n")))
bits, stat = web.get_archive("/tmp/fish.txt")
say("got", stat["name"], len(b"".join(bits)))
web.rename("old-" + RUN)
web.stop(timeout=1)
say("wait", web.wait())
web.remove()
past = client.events(since=begin, until=int(time.time()) + 1, filters={"container": web.id}, decode=True)
say("events", [event["Action"] for event in past][:2])

image, log = client.images.build(fileobj=io.BytesIO(b"FROM busybox\nRUN echo built\n"), tag="tide/py:1", rm=True)
say("built", image.tags, [entry["stream"] for entry in log if entry.get("stream") == "built\n"])
client.images.remove("tide/py:1")
pool = client.networks.create("pool-" + RUN)
cave = client.volumes.create("cave-" + RUN)
say(pool.name, cave.name)
pool.remove()
cave.remove()
