"""Which cell a configuration asks for."""
from .container import ContainerCell
from .folder import FolderCell
from .namespaces import NamespaceCell


def choose_cell(config):
    if config.get("container"):
        return ContainerCell(config)
    if config.get("folder") is not None:
        return FolderCell(config)
    return NamespaceCell(config)
