package config

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/plugin"
)

// checker compares a file with its shape and collects everything that is wrong, each at its place. The YAML library's
// own strict mode stops early, knows no columns and cannot follow a plugin's options.
type checker struct {
	file    string
	names   []string                // of the plugins
	options map[string]reflect.Type // by plugin; nil for one without options
	found   Errors
}

func newChecker(file string, plugins []plugin.Plugin) *checker {
	c := &checker{file: file, options: map[string]reflect.Type{}}
	for _, p := range plugins {
		c.names = append(c.names, p.Name())
		c.options[p.Name()] = nil
		if o, ok := p.(plugin.Configurable); ok {
			c.options[p.Name()] = reflect.TypeOf(o.Options()).Elem()
		}
	}
	return c
}

// place is where a value stands: the node that messages about it point to, and what they call it.
type place struct {
	at   *yaml.Node
	name string
}

func (c *checker) report(at *yaml.Node, format string, args ...any) {
	c.found = append(c.found, &Error{c.file, at.Line, at.Column, fmt.Sprintf(format, args...)})
}

var syntaxLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// parse reads the one document of a file; nil for a file of comments only, or after a report.
func (c *checker) parse(data []byte) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	if err == nil {
		if err = dec.Decode(&more); err == nil {
			c.report(&more, "a second document: there may be only one")
			return nil
		}
	}
	if !errors.Is(err, io.EOF) {
		m := syntaxLine.FindStringSubmatch(err.Error())
		text, line := err.Error(), 1
		if m != nil {
			text = strings.TrimPrefix(text, m[0])
			if n, err := strconv.Atoi(m[1]); err == nil {
				line = n
			}
		}
		c.report(&yaml.Node{Line: line, Column: 1}, "not YAML near this line: %s; mind the indentation (blanks, no tabs), colons and quotes", text)
		return nil
	}
	if len(doc.Content) == 0 {
		return nil
	}
	return doc.Content[0]
}

// check compares a value with the type that it is to have.
func (c *checker) check(p place, n *yaml.Node, t reflect.Type) {
	if !c.plain(n) {
		return
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == typePlugins:
		c.checkPlugins(p, n)
	case t == typeIssueRule:
		c.checkIssueRule(p, n)
	case t == typeOverrideKey:
		c.checkOverrideKey(p, n)
	case readsItself(t):
		c.checkValue(p, n, t)
	case t.Kind() == reflect.Struct:
		c.checkStruct(p, n, t)
	case t.Kind() == reflect.Map:
		c.entries(p, n, func(k *yaml.Node) (string, error) { return mapKey(k, t.Key()) }, func(_ string, k, v *yaml.Node) {
			c.check(place{k, quote(k.Value)}, v, t.Elem())
		})
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		if n.Kind != yaml.SequenceNode {
			c.report(p.at, "%s must be a list, not %s", p.name, given(n))
			return
		}
		for _, item := range n.Content {
			c.check(place{item, "an item of " + p.name}, item, t.Elem())
		}
	case t.Kind() == reflect.Interface:
		c.checkAny(p, n)
	default:
		c.checkValue(p, n, t)
	}
}

// checkAny is for options of which the plugin says nothing: even there a key stands once.
func (c *checker) checkAny(p place, n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		free := func(k *yaml.Node) (string, error) { return k.Value, nil }
		c.entries(p, n, free, func(_ string, k, v *yaml.Node) { c.check(place{k, quote(k.Value)}, v, typeAny) })
	case yaml.SequenceNode:
		for _, item := range n.Content {
			c.check(place{item, "an item of " + p.name}, item, typeAny)
		}
	}
}

// plain refuses anchors and aliases: with layers there is little use for them, and a repository's file could hide a
// very large value behind them.
func (c *checker) plain(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		c.report(n, "anchors and aliases are not read here: write the value out")
		return false
	}
	return true
}

func (c *checker) checkStruct(p place, n *yaml.Node, t reflect.Type) {
	names, types := fields(t)
	known := func(k *yaml.Node) (string, error) {
		if _, ok := types[k.Value]; !ok {
			return "", unknown("key", k.Value, names)
		}
		return k.Value, nil
	}
	c.entries(p, n, known, func(name string, k, v *yaml.Node) { c.check(place{k, quote(name)}, v, types[name]) })
}

// entries visits a mapping. A key without a value where a mapping belongs says nothing, and that is all right: its lines
// may be commented out.
func (c *checker) entries(p place, n *yaml.Node, id func(k *yaml.Node) (string, error), visit func(id string, k, v *yaml.Node)) {
	if isNull(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		c.report(p.at, "%s must be a mapping (key: value), not %s", p.name, given(n))
		return
	}
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if !c.plain(k) {
			continue
		}
		if k.Kind != yaml.ScalarNode || k.ShortTag() == "!!merge" {
			c.report(k, "a key must be plain text, not %s", given(k))
			continue
		}
		name, err := id(k)
		if err != nil {
			c.report(k, "%v", err)
			continue
		}
		if line, twice := first[name]; twice {
			c.report(k, "duplicate key %s: it stands on line %d already", quote(k.Value), line)
			continue
		}
		first[name] = k.Line
		visit(name, k, v)
	}
}

func (c *checker) checkPlugins(p place, n *yaml.Node) {
	c.entries(p, n, c.pluginName, func(name string, k, v *yaml.Node) {
		before := len(c.found)
		switch {
		case !c.plain(v) || v.ShortTag() == "!!bool":
		case v.Kind != yaml.MappingNode:
			c.report(k, "plugin %s must be true, false or a mapping of options, not %s", quote(name), given(v))
		case c.options[name] != nil:
			c.check(place{k, quote(name)}, v, c.options[name])
		case len(v.Content) > 0:
			c.report(k, "plugin %s has no options: write true or false", quote(name))
		}
		leaveOut(v, c.found[before:])
	})
}

// leaveOut takes the options away in which something is wrong, so that the plugin can validate the others all the same. What
// is only unknown is not read anyway.
func leaveOut(options *yaml.Node, found Errors) {
	if options.Kind != yaml.MappingNode {
		return
	}
	var kept []*yaml.Node
	for i := 0; i+1 < len(options.Content); i += 2 {
		within := func(e *Error) bool {
			next := i+2 < len(options.Content) && !e.before(options.Content[i+2])
			return !e.before(options.Content[i]) && !next && !strings.HasPrefix(e.Text, "unknown key ")
		}
		if options.Anchor == "" && !slices.ContainsFunc(found, within) {
			kept = append(kept, options.Content[i], options.Content[i+1])
		}
	}
	options.Content = kept
}

func (c *checker) pluginName(k *yaml.Node) (string, error) {
	if _, ok := c.options[k.Value]; !ok {
		return "", unknown("plugin", k.Value, c.names)
	}
	return k.Value, nil
}

// checkIssueRule finds rules that would be about every issue, or about nobody.
func (c *checker) checkIssueRule(p place, n *yaml.Node) {
	c.checkStruct(p, n, typeIssueRule)
	if n.Kind != yaml.MappingNode {
		return
	}
	some := func(key string) bool {
		v := get(n, key)
		return v != nil && !isNull(v) && len(v.Content)+len(v.Value) > 0
	}
	if !some("labels") && !some("title") {
		c.report(n, "%s says nothing of which issues: write `labels` or `title`; for all issues there is `roles`", p.name)
	}
	if !some("roles") {
		c.report(n, "%s names nobody: write `roles`", p.name)
	}
}

// checkOverrideKey follows a dotted key through the shape of a layer.
func (c *checker) checkOverrideKey(p place, n *yaml.Node) {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		c.report(n, "%s must be a dotted key like plugins.lifecycle, not %s", p.name, given(n))
		return
	}
	t := typeLayer
	for part := range strings.SplitSeq(n.Value, ".") {
		for t != nil && t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		var err error
		switch k := (&yaml.Node{Kind: yaml.ScalarNode, Value: part}); {
		case t == typePlugins:
			if _, err = c.pluginName(k); err == nil {
				t = c.options[part]
			}
		case t == nil || readsItself(t) || t.Kind() != reflect.Struct && t.Kind() != reflect.Map:
			err = fmt.Errorf("there is nothing below it that `%s` could name", part)
		case t.Kind() == reflect.Map:
			_, err = mapKey(k, t.Key())
			t = t.Elem()
		default:
			names, types := fields(t)
			if t = types[part]; t == nil {
				err = unknown("key", part, names)
			}
		}
		if err != nil {
			c.report(n, "%s: %v", quote(n.Value), err)
			return
		}
	}
}

// checkValue has the YAML library read a value, and says in a person's words why it could not.
func (c *checker) checkValue(p place, n *yaml.Node, t reflect.Type) {
	own := readsItself(t)
	switch {
	case isNull(n):
		c.report(p.at, "%s has no value: write one, or remove the line", p.name)
		return
	case n.Kind != yaml.ScalarNode && (!own || reflect.PointerTo(t).Implements(typeText)):
		c.report(p.at, "%s must be %s, not %s", p.name, wanted(t), given(n))
		return
	case n.ShortTag() == "!!bool" && t.Kind() == reflect.String && !own:
		c.report(n, "%s must be text: put quotes around %s", p.name, quote(n.Value))
		return
	}
	err := n.Decode(reflect.New(t).Interface())
	bare := t == typeDuration && n.ShortTag() == "!!int" // of nanoseconds, which nobody means
	cut := isWhole(t) && n.ShortTag() == "!!float"       // the library would drop the fraction
	switch {
	case err != nil && own:
		c.report(n, "%s: %s", p.name, readable(err))
	case err != nil || bare || cut:
		c.report(n, "%s must be %s, not %s", p.name, wanted(t), given(n))
	}
}

var (
	typeText     = reflect.TypeFor[encoding.TextUnmarshaler]()
	typeDuration = reflect.TypeFor[time.Duration]()
	typeAny      = reflect.TypeFor[any]()
)

// readsItself tells whether a type has its own way to be read from YAML.
func readsItself(t reflect.Type) bool {
	ptr := reflect.PointerTo(t)
	_, ok := ptr.MethodByName("UnmarshalYAML")
	return ok || ptr.Implements(typeText)
}

// mapKey reads a key and gives the form by which equal ones are found.
func mapKey(k *yaml.Node, t reflect.Type) (string, error) {
	v := reflect.New(t)
	if u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](v); ok {
		if err := u.UnmarshalText([]byte(k.Value)); err != nil {
			return "", err
		}
	} else if err := k.Decode(v.Interface()); err != nil {
		return "", fmt.Errorf("the key %s must be %s", quote(k.Value), wanted(t))
	}
	return fmt.Sprint(v.Elem().Interface()), nil
}

// fields gives the keys of a struct, as the YAML library sees them, in order and with their types.
func fields(t reflect.Type) (names []string, types map[string]reflect.Type) {
	types = map[string]reflect.Type{}
	for f := range t.Fields() {
		name, rest, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case strings.Contains(","+rest+",", ",inline,") && f.Type.Kind() == reflect.Struct:
			inner, innerTypes := fields(f.Type)
			for _, n := range inner {
				names, types[n] = append(names, n), innerTypes[n]
			}
		case f.IsExported() && name != "-":
			if name == "" {
				name = strings.ToLower(f.Name)
			}
			names, types[name] = append(names, name), f.Type
		}
	}
	return names, types
}

func wanted(t reflect.Type) string {
	switch k := t.Kind(); {
	case t == typeDuration:
		return "a length of time like 90s or 36h"
	case readsItself(t) || k == reflect.String:
		return "text"
	case k == reflect.Bool:
		return "true or false"
	case isWhole(t):
		return "a whole number"
	case k == reflect.Float32 || k == reflect.Float64:
		return "a number"
	}
	return "a value of type " + t.String()
}

func isWhole(t reflect.Type) bool { return t.Kind() >= reflect.Int && t.Kind() <= reflect.Uintptr }

func given(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "nothing"
	}
	return quote(n.Value)
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

var yamlLine = regexp.MustCompile(`^(yaml: )?(unmarshal errors:\n)?(\s*line \d+: )?`)

// readable takes the YAML library's own line numbers away: ours are at hand, with columns.
func readable(err error) string {
	text := err.Error()
	if te := (*yaml.TypeError)(nil); errors.As(err, &te) && len(te.Errors) > 0 {
		text = te.Errors[0]
	}
	return yamlLine.ReplaceAllString(text, "")
}
