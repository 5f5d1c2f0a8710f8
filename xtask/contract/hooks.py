"""What the requests of the run are kept from: taking away the admin that it asks as."""

import os

import schemathesis

ADMIN = os.environ["HANAMI_ADMIN_USER_ID"]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Changes somebody else where the run's own admin would get another password."""
    body = case.body
    is_change = case.operation.label == "PUT /control/v1/user"
    if is_change and isinstance(body, dict) and body.get("id") == ADMIN:
        case.body = {**body, "id": "somebody_else"}
