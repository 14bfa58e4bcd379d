{% macro half(x) %}{{ x / 2 }}
