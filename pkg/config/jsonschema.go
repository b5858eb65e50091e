package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/plugin"
)

// JSONSchema gives the form of the configuration as JSON Schema (draft 7, which editors know best), from the types by which a
// file is checked and, for descriptions and defaults, from the file that explains every option. It takes whatever Parse takes;
// Parse finds more, such as a pattern that is broken.
func JSONSchema(plugins []plugin.Plugin, explained []byte) ([]byte, error) {
	check := newChecker("the explained configuration", plugins)
	root := check.parse(explained)
	if len(check.found) > 0 {
		return nil, check.found
	}
	s := schema{checker: check}
	out := s.of(typeFile, root)
	out["$schema"] = "http://json-schema.org/draft-07/schema#"
	out["title"] = "Configuration of ddbot"
	out["definitions"] = object{"plugins": s.plugins(get(get(root, "defaults"), "plugins"))}
	return json.MarshalIndent(out, "", "  ")
}

type object = map[string]any

type schema struct{ *checker }

// of gives the schema of a type; explained is how the explained file has it, or nil. The cases are those of checker.check.
func (s schema) of(t reflect.Type, explained *yaml.Node) object {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch known := leaves[t]; {
	case t == typePlugins:
		return object{"$ref": "#/definitions/plugins"}
	case t == typeIssueRule:
		out := s.mapping(t, explained)
		out["required"] = []string{"roles"}
		out["anyOf"] = []any{object{"required": []string{"labels"}}, object{"required": []string{"title"}}}
		return out
	case known != nil:
		return known()
	case readsItself(t) || t.Kind() == reflect.String:
		return text("")
	case t.Kind() == reflect.Struct:
		return s.mapping(t, explained)
	case t.Kind() == reflect.Map:
		out := object{"type": []string{"object", "null"}, "additionalProperties": s.of(t.Elem(), nil)}
		if keys := s.of(t.Key(), nil); keys["pattern"] != nil || keys["enum"] != nil {
			out["propertyNames"] = keys
		}
		return out
	case t.Kind() == reflect.Slice:
		return object{"type": "array", "items": s.of(t.Elem(), nil)}
	case t.Kind() == reflect.Bool:
		return object{"type": "boolean"}
	case isWhole(t):
		return object{"type": "integer"}
	}
	return object{}
}

// mapping is the schema of a struct. A mapping may be left empty.
func (s schema) mapping(t reflect.Type, explained *yaml.Node) object {
	names, types := fields(t)
	properties := object{}
	for _, name := range names {
		properties[name] = s.described(name, explained, func(n *yaml.Node) object { return s.of(types[name], n) })
	}
	return object{"type": []string{"object", "null"}, "properties": properties, "additionalProperties": false}
}

// plugins is the schema of which plugins are on, and how.
func (s schema) plugins(explained *yaml.Node) object {
	properties := object{}
	for _, name := range s.names {
		properties[name] = s.described(name, explained, func(n *yaml.Node) object {
			out := object{}
			if t := s.options[name]; t != nil {
				out = s.of(t, n)
			}
			out["type"], out["additionalProperties"] = []string{"boolean", "object"}, false
			return out
		})
	}
	return object{"type": []string{"object", "null"}, "properties": properties, "additionalProperties": false}
}

// described adds what the explained file says about a key: its comment and, as the default, its value.
func (s schema) described(key string, explained *yaml.Node, of func(value *yaml.Node) object) object {
	k, v := entry(explained, key)
	out := of(v)
	if k == nil {
		return out
	}
	if text := comment(k.HeadComment, k.LineComment, v.LineComment); text != "" {
		if ref := out["$ref"]; ref != nil { // draft 7 reads nothing beside a reference
			out = object{"allOf": []any{object{"$ref": ref}}}
		}
		out["description"] = text
	}
	var value any
	if v.Kind != yaml.MappingNode && v.Decode(&value) == nil {
		out["default"] = value
	}
	return out
}

func comment(parts ...string) string {
	var lines []string
	for _, part := range parts {
		for line := range strings.Lines(part) {
			lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(line), "#"), " "))
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// text is what YAML gives as text, of which a number is one way to write it.
func text(pattern string) object {
	out := object{"type": []string{"string", "number"}}
	if pattern != "" {
		out["pattern"] = pattern
	}
	return out
}

func oneOf(values ...string) object { return object{"enum": values} }

const lengthOfTime = `^(\d+w)?(\d+d)?(\d+(\.\d+)?(h|m|s|ms|us|µs|ns))*$`

// leaves are the values that check themselves, as far as a schema can tell.
var leaves = map[reflect.Type]func() object{
	reflect.TypeFor[orgName]():         func() object { return text(reOrg.String()) },
	reflect.TypeFor[repoName]():        func() object { return text(reRepo.String()) },
	reflect.TypeFor[team]():            func() object { return text(reRepo.String()) },
	reflect.TypeFor[login]():           func() object { return text(reLogin.String()) },
	reflect.TypeFor[wordsGlob]():       func() object { return text(reWords.String()) },
	reflect.TypeFor[repoGlob]():        func() object { return text(`^[^/]+/[^/]+$`) },
	reflect.TypeFor[labelGlob]():       func() object { return text(`.`) },
	reflect.TypeFor[titlePattern]():    func() object { return text(`[^* ]`) },
	reflect.TypeFor[period]():          func() object { return text(lengthOfTime) },
	reflect.TypeFor[plugin.Duration](): func() object { return text(lengthOfTime) },
	reflect.TypeFor[roleName]():        func() object { return oneOf(roleNames()...) },
	reflect.TypeFor[plugin.Role]():     func() object { return oneOf(roleNames()...) },
	reflect.TypeFor[mode]():            func() object { return oneOf(string(External), string(Server)) },
	reflect.TypeFor[logLevel](): func() object {
		return object{"type": "string", "examples": []string{"debug", "info", "warning", "error"}}
	},
	reflect.TypeFor[count](): func() object { return object{"type": "integer", "minimum": 1} },
}

func roleNames() []string {
	var names []string
	for _, r := range plugin.Roles {
		names = append(names, fmt.Sprint(r))
	}
	slices.Sort(names)
	return names
}
