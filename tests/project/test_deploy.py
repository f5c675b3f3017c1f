"""The manifests for Kubernetes and the compose file: valid, unprivileged, limited, without passwords."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
#: not Kubernetes' own, so that its schemas do not have them
FOREIGN = ("keda.sh/", "kustomize.config.k8s.io/")


def manifests() -> list[dict[str, Any]]:
    """Return every object of the folder."""
    return [one for path in sorted(FOLDER.glob("*.yaml")) for one in yaml.safe_load_all(path.read_text())]


OWN = [one for one in manifests() if not one["apiVersion"].startswith(FOREIGN)]
PODS = [one for one in OWN if one["kind"] in {"Deployment", "Job"}]


def name_of(manifest: dict[str, Any]) -> str:
    """Return what a failure names."""
    return f"{manifest['kind']}-{manifest['metadata']['name']}"


@pytest.mark.parametrize("manifest", OWN, ids=name_of)
def test_manifests_are_valid(manifest):
    """By the schemas of Kubernetes, strictly: no field that it does not know."""
    kubernetes_validate.validate(manifest, "1.31", strict=True)


@pytest.mark.parametrize("manifest", PODS, ids=name_of)
def test_pods_may_do_little(manifest):
    """They run as nobody special, write /tmp only, are limited, and have no password in their environment."""
    pod = manifest["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert {"name": "tmp", "emptyDir": {}} in pod["volumes"]
    for container in pod["containers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert {"cpu", "memory"} <= set(container["resources"]["limits"])
        assert all(one["name"].endswith("_FILE") for one in container["env"])
        if manifest["kind"] == "Deployment":
            assert container["livenessProbe"]


def test_kustomization_names_every_file():
    """KEDA's is there to be switched on; no address has a password."""
    files = {path.name for path in FOLDER.glob("*.yaml")}
    assert set(KUSTOMIZATION["resources"]) == files - {"kustomization.yaml", "keda.yaml"}
    assert "# - keda.yaml" in (FOLDER / "kustomization.yaml").read_text()
    assert not re.search(r"://[^@/\s]*:[^@/\s]*@", (FOLDER / "kustomization.yaml").read_text())


def test_compose_limits_and_rotates_and_has_no_password():
    """Each service; passwords are files that no image or environment contains."""
    text = (ROOT / "docker-compose.yml").read_text()
    compose = yaml.safe_load(text)
    for name, service in compose["services"].items():
        assert service["logging"]["options"]["max-size"], name
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name
        for variable in service.get("environment", {}):
            assert "PASSWORD" not in variable or variable.endswith("_FILE"), name
        for secret in service.get("secrets", []):
            assert compose["secrets"][secret] == {"file": f"./secrets/{secret}"}
    assert compose["services"]["worker"]["healthcheck"]["test"] == ["CMD", "worker", "--healthy"]
    assert "/secrets/" in (ROOT / ".gitignore").read_text()
