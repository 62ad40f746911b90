"""Sweeps as GraphQL sees them, and what agents ask: which run is next."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ...model.artifacts import RunKey
from ...model.sweeps import Agent, Sweep
from . import account, sweep_search
from .arguments import ANY_MUTATION, PAGES, takes, text
from .connections import connection
from .http_errors import NotDoneError, RefusedError
from .json_types import Arguments, Object
from .limits import clean_name, json_object
from .run_queries import at, number_or_none
from .run_resolvers import RunResolvers, project_head
from .server_state import ServerState, decoded, encoded, now

_STATES = ("PENDING", "RUNNING", "PAUSED", "CANCELED", "STOPPED", "FINISHED")


class SweepResolvers:
    """Sweeps as GraphQL objects, and the mutations of sweeps and agents."""

    def __init__(self, state: ServerState, runs: RunResolvers) -> None:
        self._state = state
        self._runs = runs

    def find(self, entity: str, project: str, name: object) -> Object | None:
        found = self._state.store.sweeps.get((entity, project, str(name)))
        return self.sweep(found) if found else None

    def all_of(self, entity: str, project: str) -> list[Object]:
        there = self._state.store.sweeps.values()
        return [self.sweep(found) for found in there if (found.entity, found.project) == (entity, project)]

    def sweep(self, sweep: Sweep) -> Object:
        records = [
            r
            for key, state in self._state.store.runs.items()
            if (key.entity, key.project, state.sweep) == (sweep.entity, sweep.project, sweep.id)
            and (r := self._state.find_run(key))
        ]
        metric = sweep.config.get("metric")
        metric = metric if isinstance(metric, Mapping) else {}
        name = metric.get("name")
        values = [at(record.state.summary, name) for record in records] if isinstance(name, str) else []
        numbers = [value for value in map(number_or_none, values) if value is not None]
        best = (max if metric.get("goal") == "maximize" else min)(numbers, default=None)
        return {
            "__typename": "Sweep",
            "id": _id_of(sweep),
            "name": sweep.id,
            "displayName": sweep.name or sweep.config.get("name"),
            "method": sweep.config.get("method"),
            "state": sweep.state,
            "description": sweep.config.get("description"),
            "config": sweep.text,
            "createdAt": sweep.created,
            "updatedAt": sweep.created,
            "heartbeatAt": sweep.created,
            "earlyStopJobRunning": False,
            "bestLoss": best,
            "controller": None,
            "scheduler": None,
            "runCount": len(records),
            "runCountExpected": sweep_search.expected(sweep.config),
            "project": project_head(sweep.entity, sweep.project),
            "runs": takes(*PAGES)(lambda a: connection([self._runs.run(record) for record in records], a)),
            "agents": takes(*PAGES)(lambda a: connection([self._agent(sweep, o) for o in sweep.agents.values()], a)),
            "agent": takes("agentName")(lambda a: self._agent_named(sweep, text(a, "agentName"))),
        }

    def _agent(self, sweep: Sweep, agent: Agent) -> Object:
        return {
            "__typename": "Agent",
            "id": agent.id,
            "name": agent.id,
            "host": agent.host,
            "state": sweep.state,
            "totalRuns": len(agent.runs),
            "createdAt": agent.created,
            "heartbeatAt": agent.created,
        }

    def _agent_named(self, sweep: Sweep, name: str | None) -> Object | None:
        return self._agent(sweep, sweep.agents[name]) if name in sweep.agents else None

    @takes(
        *("id", "config", "description", "entityName", "projectName", "state", "displayName", "templateVariableValues"),
        no_effect=ANY_MUTATION,
    )
    def upsert(self, arguments: Arguments) -> Object:
        """``upsertSweep``: makes a sweep, or changes the state, the name or the configuration of one.

        Raises:
            RefusedError: 400, the configuration is none; 404, there is no sweep of that id; nothing was changed.
            NotDoneError: it needs what is not known here.
        """
        given = text(arguments, "config")
        config = _config(given) if given is not None else None
        description, name = text(arguments, "description"), text(arguments, "displayName")
        state = text(arguments, "state")
        if text(arguments, "templateVariableValues") not in {None, "null", "{}"}:  # null comes with every sweep
            raise NotDoneError("the template variables of a sweep are not known to this backend")
        if state not in {None, *_STATES}:
            raise RefusedError(400, f"the state of a sweep is one of {', '.join(_STATES)}, not {state!r:.60}")
        if config is not None:
            if description is not None:
                config["description"] = description
            warnings = sweep_search.check(config)
        else:
            warnings = []
        sweep = self._made_or_found(arguments, config)
        if config is not None:
            sweep.config, sweep.text = config, given or ""
        if name is not None:
            sweep.name = name
        if state is not None:
            sweep.state = "FINISHED" if state == "STOPPED" else state
        return {"sweep": self.sweep(sweep), "configValidationWarnings": warnings}

    def _made_or_found(self, arguments: Arguments, config: Object | None) -> Sweep:
        if arguments.get("id"):
            found = self._by_id(arguments["id"])
            if found is None:
                raise RefusedError(404, f"there is no sweep with the id {arguments['id']!r:.100}")
            return found
        if config is None:
            raise RefusedError(400, "a new sweep needs a `config`")
        entity = clean_name(arguments.get("entityName") or config.get("entity") or account.ENTITY, "an entity")
        project = clean_name(arguments.get("projectName") or config.get("project") or "uncategorized", "a project")
        sweep = Sweep(entity, project, uuid.uuid4().hex[:8], config, created=now())
        self._state.store.sweeps[entity, project, sweep.id] = sweep
        return sweep

    def _by_id(self, server_id: object) -> Sweep | None:
        kind, *key = decoded(server_id).split(":")
        if kind != "Sweep" or len(key) != 3:
            raise RefusedError(400, f"{server_id!r:.100} is no id of a sweep")
        return self._state.store.sweeps.get((key[2], key[1], key[0]))

    @takes("host", "entityName", "projectName", "sweep", no_effect=ANY_MUTATION)
    def create_agent(self, arguments: Arguments) -> Object:
        """``createAgent``.

        Raises:
            RefusedError: 404, there is no such sweep.
        """
        entity, project = (text(arguments, name) for name in ("entityName", "projectName"))
        host, name = text(arguments, "host") or "", text(arguments, "sweep") or ""
        key = (entity or account.ENTITY, project or "uncategorized", name)
        sweep = self._state.store.sweeps.get(key)
        if sweep is None:
            raise RefusedError(404, f"there is no sweep {'/'.join(key)}")
        agent = Agent(encoded(f"Agent:{uuid.uuid4().hex}"), host, now())
        sweep.agents[agent.id] = agent
        if sweep.state == "PENDING":
            sweep.state = "RUNNING"
        return {"agent": self._agent(sweep, agent)}

    @takes("id", "runState", no_effect=ANY_MUTATION | {"metrics": "the load of a machine decides nothing here"})
    def heartbeat(self, arguments: Arguments) -> Object:
        """``agentHeartbeat``: what the agent shall do now, as JSON.

        An agent gets one run after another. At the end of the sweep it is told to exit, once none of its runs goes on.

        Raises:
            RefusedError: 404, there is no such agent; 400, the states of its runs are no JSON object.
        """
        agent_id = text(arguments, "id") or ""
        found = [(s, s.agents[agent_id]) for s in self._state.store.sweeps.values() if agent_id in s.agents]
        if not found:
            raise RefusedError(404, f"there is no agent with the id {agent_id!r:.100}")
        sweep, agent = found[0]
        running = json_object(text(arguments, "runState") or "{}", "the state of the runs")
        return {"agent": self._agent(sweep, agent), "commands": json.dumps(self._commands(sweep, agent, running))}

    def _commands(self, sweep: Sweep, agent: Agent, running: Arguments) -> list[Object]:
        if sweep.state == "CANCELED":  # the agent ends its runs when it exits
            return [{"type": "exit", "exitcode": 0}]
        for run_id in running:
            record = self._state.find_run(RunKey(sweep.entity, sweep.project, run_id))
            if record and record.stop_asked:
                return [{"type": "stop", "run_id": run_id}]
        if running or sweep.state == "PAUSED":
            return []
        values = sweep_search.values_of(sweep.config, len(sweep.given)) if sweep.state == "RUNNING" else None
        if values is None:
            sweep.state = "FINISHED"
            return [{"type": "exit", "exitcode": 0}]
        run_id = uuid.uuid4().hex[:8]
        sweep.given[run_id] = values
        agent.runs.append(run_id)
        arguments = {name: {"value": value} for name, value in values.items()}
        return [{"type": "run", "run_id": run_id, "program": sweep.config.get("program"), "args": arguments}]


def _id_of(sweep: Sweep) -> str:
    return encoded(f"Sweep:{sweep.id}:{sweep.project}:{sweep.entity}")


def _config(given: str) -> Object:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)  # the SDK writes it with PyYAML
    try:
        found = yaml.load(given)
        plain = json.loads(json.dumps(found))
    except (YAMLError, ValueError, TypeError, RecursionError) as error:
        raise RefusedError(400, f"the configuration of a sweep is no YAML: {error!s:.200}") from None
    if not isinstance(plain, dict):
        raise RefusedError(400, "the configuration of a sweep must be an object")
    for name in ("controller", "launch", "scheduler", "template_variables"):
        if plain.get(name):
            raise NotDoneError(f"`{name}` in the configuration of a sweep is not known to this backend")
    return plain
