"""What docker-py's users write, with a secret in each place. Secrets are in $SECRETS, by their names."""
import io, json, os

import docker

secrets = json.loads(os.environ["SECRETS"])
client = docker.from_env()

web = client.containers.run(
    "busybox",
    ["sh", "-c", 'echo "$DB_PASSWORD"; sleep 60', "--token=" + secrets["py flag"]],
    name="web",
    detach=True,
    environment={"DB_PASSWORD": secrets["py env"]},
    labels={"my.token": secrets["py label"]},
    healthcheck={"test": ["CMD-SHELL", "curl -H 'X-Api-Key: " + secrets["py health"] + "' x"]},
)
web.exec_run("env", environment={"A_PASSWORD": secrets["py exec"]})
web.reload()
next(iter(web.logs(stream=True, follow=True)))
web.remove(force=True)
image, log = client.images.build(
    fileobj=io.BytesIO(b"FROM busybox\nARG TOKEN\nRUN echo built $TOKEN\n"), tag="built", buildargs={"TOKEN": secrets["py build"]}
)
list(log)
image.history()
client.images.remove("built")
volume = client.volumes.create("vol", driver_opts={"type": "cifs", "device": "//a/b", "o": "password=" + secrets["py volume"]})
volume.reload()
volume.remove()
for attempt in (
    lambda: client.login("me", secrets["py login"], registry="127.0.0.1:1", reauth=True),
    lambda: client.images.pull("127.0.0.1:1/none", auth_config={"username": "me", "password": secrets["py auth config"]}),
):
    try:
        attempt()
    except docker.errors.APIError:
        pass
