"""An S3 server on a free port of 127.0.0.1 that checks signatures. Prints its address and keys as JSON, then takes lines of JSON from stdin:
{"put": [bucket, key, file]}, {"delete": [bucket, key]}, and answers each with a line. Ends with its stdin."""
import json
import logging
import sys

import boto3
from moto import settings
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
address = f"http://{host}:{port}"


def client(service, key="setup", secret="setup"):
    return boto3.client(service, endpoint_url=address, region_name="eu-west-3", aws_access_key_id=key, aws_secret_access_key=secret)


iam = client("iam")
iam.create_user(UserName="reader")
everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.put_user_policy(UserName="reader", PolicyName="all", PolicyDocument=json.dumps(everything))
key = iam.create_access_key(UserName="reader")["AccessKey"]
is_anonymous = "--anonymous" in sys.argv
if not is_anonymous:
    # from now on every request must be signed with a key that exists
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
s3 = client("s3", key["AccessKeyId"], key["SecretAccessKey"])
print(json.dumps({"address": address, "id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}), flush=True)

for line in sys.stdin:
    for action, what in json.loads(line).items():
        if action == "bucket":
            s3.create_bucket(Bucket=what[0], CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
        elif action == "put":
            s3.upload_file(what[2], what[0], what[1], ExtraArgs={"ACL": "public-read"} if is_anonymous else None)
        elif action == "delete":
            s3.delete_object(Bucket=what[0], Key=what[1])
    print("{}", flush=True)
server.stop()
