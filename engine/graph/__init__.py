"""x"""
from engine.graph.load import Loaded, load_graph
from engine.graph.store import GraphStore, Rows, create_graph, open_graph
