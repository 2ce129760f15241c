"""The nouns everybody shares. Imports nothing else of ours."""
