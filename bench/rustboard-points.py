"""Every point that RustBoard serves of a directory, as sums in the words of reader-peers.py: it is started, asked over gRPC and stopped."""
import hashlib, json, os, subprocess, sys, tempfile

import grpc
import numpy as np
import tensorboard_data_server
from tensorboard.context import RequestContext
from tensorboard.data import grpc_provider
from tensorboard.data.proto import data_provider_pb2_grpc as service

root = sys.argv[1]
port_file = os.path.join(tempfile.mkdtemp(), "port")
words = ["--logdir", root, "--reload", "once", "--port", "0", "--port-file", port_file, "-v"]
words += ["--checksum", "--samples-per-plugin", "scalars=all"]
server = subprocess.Popen([tensorboard_data_server.server_binary(), *words], stderr=subprocess.PIPE, text=True)
try:
    for line in server.stderr:
        if "Finished load cycle" in line:
            break
    with open(port_file) as file:
        address = f"localhost:{file.read().strip()}"
    channel = grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", -1)])
    provider = grpc_provider.GrpcDataProvider(address, service.TensorBoardDataProviderStub(channel))
    asked = {"experiment_id": "", "plugin_name": "scalars"}
    for run in sorted(provider.list_scalars(RequestContext(), **asked)):
        filters = {"run_tag_filter": grpc_provider.provider.RunTagFilter(runs=[run])}
        found = provider.read_scalars(RequestContext(), downsample=2**31 - 1, **asked, **filters).get(run, {})
        tags = {}
        for tag in sorted(found):
            rows = np.array([(point.step, point.wall_time, point.value) for point in found[tag]], dtype="<f8")
            tags[tag] = hashlib.sha256(rows.tobytes()).hexdigest()
        print(json.dumps({"run": run, "tags": tags}, sort_keys=True))
finally:
    server.kill()
