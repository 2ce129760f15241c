# ruff: noqa: E501  # a template is one text, whose lines are what they are
"""Templates of our own, in the manner of those that models, inventories, web pages and generators use: nothing hostile in any."""

CHATS = {
    "chatml": (
        "{%- for message in messages %}{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
        "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
    ),
    "system-first": (
        "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}"
        "{% set system_message = '<<SYS>>\\n' + messages[0]['content'].strip() + '\\n<</SYS>>\\n\\n' %}{% else %}"
        "{% set loop_messages = messages %}{% set system_message = '' %}{% endif %}"
        "{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
        "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
        "{% if loop.index0 == 0 %}{% set content = system_message + message['content'] %}{% else %}"
        "{% set content = message['content'] %}{% endif %}"
        "{{ bos_token + '[INST] ' + content | trim + ' [/INST]' }}{% endfor %}"
    ),
    "tools": (
        "{%- if not date_string is defined %}{%- if strftime_now is defined %}{%- set date_string = strftime_now('%d %b %Y') %}"
        "{%- else %}{%- set date_string = '26 Jul 2024' %}{%- endif %}{%- endif %}"
        "{%- set ns = namespace(system='', is_first=false, names=[], text='') %}"
        "{%- set builtin_tools = builtin_tools or [] %}Environment: ipython\n"
        "{{- 'Tools: ' + builtin_tools | reject('equalto', 'code_interpreter') | join(', ') }}"
        "{%- for tool in tools %}{{- tool | tojson(indent=4) }}{%- set ns.text = ns.text ~ tool.function.name ~ '\\n' %}{%- endfor %}"
        "{%- for message in messages if message.role != 'system' %}{%- if message.tool_calls is defined %}"
        "{%- for arg_name, arg_val in message.tool_calls[0].function.arguments | items %}{{- arg_name + '=\"' + arg_val + '\"' }}"
        "{%- endfor %}{%- endif %}{{- messages[loop.index0 - 1]['role'] }}{%- endfor %}{{- ns.text }}"
    ),
    "thinking": (
        "{%- set ns = namespace(last=messages|length - 1) %}{%- for message in messages[::-1] %}"
        "{%- set index = (messages|length - 1) - loop.index0 %}{%- if message.content is string %}{%- set ns.last = index %}{%- endif %}"
        "{%- endfor %}{%- for message in messages %}{%- if '</think>' in message.content %}"
        "{%- set thought = message.content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}"
        "{{- thought ~ loop.last }}{%- endif %}{%- if enable_thinking is defined and enable_thinking is false %}"
        "{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endfor %}"
    ),
    "macros": (
        "{%- macro render(content, images) -%}{%- if content is string -%}{{ content }}{%- elif content is mapping -%}"
        "{{ content['text'] }}{%- else -%}{%- for item in content -%}{%- if item['type'] == 'image' -%}<img>{%- else -%}"
        "{{ item.text | default('', true) }}{%- endif -%}{%- endfor -%}{%- endif -%}{%- endmacro -%}"
        "{%- macro kind(spec) -%}{%- set map = {'string': 'str', 'integer': 'int'} -%}{{ map[spec.type] or map[spec['items']['type']] }}"
        "{%- endmacro -%}{%- for m in messages -%}{{ render(m.content, none) }}{{ kind(m) }}{%- endfor -%}"
    ),
    "recursive-macro": (
        "{%- macro kind(spec) -%}{%- set map = {'string': 'str', 'integer': 'int'} -%}{%- if map[spec.type] is defined -%}"
        "{{ map[spec.type] }}{%- elif spec.type is iterable -%}{%- for t in spec.type -%}{{ kind({'type': t}) }}{%- endfor -%}"
        "{%- else -%}{{ 'list[' + kind(spec|items) + ']' }}{%- endif -%}{%- endmacro -%}"
        "{%- for tool in tools -%}{{ kind(tool.function.parameters) }}{%- endfor -%}"
    ),
    "generation": (
        "{% for message in messages %}{% if message.role == 'assistant' %}{% generation %}{{ message.content }}{{ eos_token }}"
        "{% endgeneration %}{% else %}{{ message['content'] }}{% endif %}{% if loop.last %}{% break %}{% endif %}{% endfor %}"
    ),
    "grouped": (
        "{%- set roles = messages | map(attribute='role') | list | unique | sort -%}"
        "{%- for role, group in messages | groupby('role') -%}{{ role }}: {{ group | selectattr('content') | map(attribute='content')"
        " | join('\\n') }}{%- endfor -%}{%- do roles.append('x') -%}{{ '%s of %d' | format(roles | first, roles | length) }}"
    ),
}
"""What it is for -> a chat template."""

OTHERS = {
    "inventory.j2": (
        "# {{ ansible_managed }}\n{% for host in groups['web'] %}\nserver {{ hostvars[host]['ansible_' ~ interface]['ipv4']['address'] }};\n"
        "{% endfor %}\n{{ vars['prefix_' + name | lower] }} {{ hostvars[inventory_hostname | replace('-', '_')][a ~ '.' ~ b] }}\n"
        "{{ lookup('env', 'HOME') }} {{ system.environment | default(omit) }}\n"
    ),
    "page.html.jinja2": (
        "{% extends 'base.html' %}{% from 'forms.html' import field %}{% block body %}<h1>{{ self.title() }}</h1>\n"
        "{% for item in items recursive %}<li class=\"{{ cycler('odd', 'even').next() }}\">{{ item.name | e }}</li>{{ loop(item.children) }}"
        "{% endfor %}{% trans count=items|length %}{{ count }} item{% endtrans %}{{ config.items() | list }}{% endblock %}"
    ),
    "class.py.jinja": (
        "class {{ cls.__name__ }}:\n    '''{{ cls.__doc__ }}'''\n{% for method in methods if method.name not in ['__init__', '__new__'] %}\n"
        "    def {{ method.name }}(self): ...\n{% endfor %}{% if '__init__' in names %}    def __init__(self): ...\n{% endif %}"
        "{% set skipped = ['__init__', '__call__'] %}# made from {{ obj.__class__.__name__ }}\n"
    ),
    "chart.template": 'apiVersion: v1\nname: {{ .Values.name | quote }}\n{{- if .Values.enabled }}\nkind: {{ include "chart.kind" . }}\n{{- end }}\n',
    "stack.template": '{"Parameters": {"Password": "{{resolve:secretsmanager:Name:SecretString:password}}"}}\n',
    "prompt.jinja2": "You are {{ persona }}. __class__ and os.system are words. Answer {{ question | trim }} in {{ n + 1 }} lines.\n",
}
"""Name -> a template that is not for chats, or not Jinja at all."""
