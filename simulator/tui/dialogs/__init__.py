"""The dialogs of the drill screen: each asks for one act, and stays until it is done."""
