"""The demo: a fictional initiative of some sixty members, laid out around the day it is loaded."""
