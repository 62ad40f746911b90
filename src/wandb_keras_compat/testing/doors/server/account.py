"""The account and the abilities of this server: the queries that the SDK begins with."""

from __future__ import annotations

from .arguments import takes
from .connections import connection
from .json_types import Arguments, Object

ENTITY = "local"
USER = "tester"
#: What the account belongs to; registries are its projects.
ORGANIZATION = "local-organization"

#: What older wandb reads of the schema before it sends something newer. A type that is not here has no fields;
#: it must still be answered, for wandb up to 0.25 looks into the answer without asking whether there is one.
_FIELDS = {
    "Query": ("viewer", "serverInfo", "project", "model", "artifact", "clientIDMapping"),
    "Mutation": ("createRunFiles",),
    "ServerInfo": ("cliVersionInfo", "latestLocalVersionInfo"),
    "ServerSettings": ("serverMessages",),
    "Project": ("internalId",),
    "Organization": ("orgEntity",),
    "Artifact": ("aliases",),  # wandb 0.19.11 to 0.20 ask only for those that are here, and cannot do without
    # wandb 0.16 sends a large file in parts where this is here, and in one piece where not.
    "CreateArtifactFileSpecInput": ("artifactID", "artifactManifestID", "name", "md5", "mimetype", "uploadPartsInput"),
    "CreateArtifactInput": ("clientID", "sequenceClientID", "enableDigestDeduplication"),
}

#: New enough for every wandb to send what it can; nothing is newer than the installed one, so no advice to upgrade.
_CLI_VERSIONS = {"min_cli_version": "0.8.0", "max_cli_version": "999.0.0", "packages": {}}


def user() -> Object:
    teams = connection([entity(ENTITY)], {})
    return {
        "__typename": "User",
        "id": "VXNlcjox",
        "entity": ENTITY,
        "username": USER,
        "name": USER,
        "email": f"{USER}@localhost",
        "admin": False,
        "flags": "{}",
        "deletedAt": None,
        "teams": teams,
        "apiKeys": connection([], {}),
        "defaultEntity": entity(ENTITY),
    }


def entity(name: str) -> Object:
    return {
        "__typename": "Entity",
        "id": "RW50aXR5OjE=",
        "name": name,
        "isTeam": False,
        "organization": {
            "__typename": "Organization",
            "name": ORGANIZATION,
            "orgEntity": {"name": ORGANIZATION},
            "coreWeaveOrganizationId": None,
        },
        "user": None,
    }


def server_info() -> Object:
    return {"cliVersionInfo": _CLI_VERSIONS, "latestLocalVersionInfo": None, "features": []}


@takes("name")
def described_type(arguments: Arguments) -> Object:
    name = arguments.get("name")
    fields = [{"name": field, "args": []} for field in _FIELDS.get(str(name), ())]
    return {"name": name, "fields": fields, "inputFields": fields}
