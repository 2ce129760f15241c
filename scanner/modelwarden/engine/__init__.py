"""Walks inputs, opens containers, keeps budgets, fences failures. The only room that knows both formats and policies."""
