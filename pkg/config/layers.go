package config

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/plugin"
)

// layer is one place where settings stand: the defaults, an organisation, a repository, or a repository's own file.
type layer struct {
	file string
	node *yaml.Node
	// may tells which plugins the layer may switch; nil is all. A repository that may set one option of a plugin does
	// not switch on the plugin with it.
	may func(name string) bool
}

func (l layer) plugin(name string) *yaml.Node { return get(get(l.node, "plugins"), name) }

func (l layer) switches(name string) bool { return l.may == nil || l.may(name) }

// section merges one section of all layers; nil if none has it.
func section(layers []layer, name string) *yaml.Node {
	var n *yaml.Node
	for _, l := range layers {
		n = merge(n, get(l.node, name))
	}
	return n
}

// on tells whether a plugin is on after all layers; one that nobody mentions is.
func on(layers []layer, name string) bool {
	is := true
	for _, l := range layers {
		if n := l.plugin(name); n != nil && l.switches(name) {
			var b bool
			is = n.Kind == yaml.MappingNode || n.Decode(&b) == nil && b
		}
	}
	return is
}

// settings merges layers into what a repository gets. The checker has left out what it found wrong.
func settings(plugins []plugin.Plugin, layers []layer) (*plugin.Settings, Errors) {
	layers = withPresets(layers)
	s := &plugin.Settings{Options: map[string]any{}, Tracked: plugin.DefaultTracked, Contacts: plugin.DefaultContacts}
	var active []plugin.Plugin
	var found Errors
	for _, p := range plugins {
		if !on(layers, p.Name()) {
			continue
		}
		active = append(active, p)
		c, ok := p.(plugin.Configurable)
		if !ok {
			continue
		}
		options, errs := pluginOptions(c, p.Name(), layers)
		s.Options[p.Name()] = options
		for _, err := range errs {
			found = append(found, locate(layers, p.Name(), err))
		}
	}
	prefix := ""
	if n := section(layers, "prefix"); n != nil {
		prefix = n.Value
	}
	s.Catalog = plugin.NewCatalog(active, s.Options, prefix)
	return s, append(found, clashes(s.Catalog, layers)...)
}

// clashes finds commands that belong to two plugins by configuration: a stage group with the name of another command, or a prefix
// that is one.
func clashes(c *plugin.Catalog, layers []layer) (found Errors) {
	if name, first, second := c.Clash(); name != "" {
		_, word, _ := strings.Cut(name, " ")
		found = append(found, locate(layers, second, plugin.FieldErrorf("groups."+word, "/%s is a command of the plugin %s already", name, first)))
	}
	if c.Prefix() != plugin.Family && len(c.Help(c.Prefix())) > 0 {
		found = append(found, &Error{File: layers[len(layers)-1].file, Text: "prefix: /" + c.Prefix() + " is a command already"})
	}
	return found
}

// decodeRest reads what is not the plugins'. The sections have passed the checker.
func decodeRest(s *plugin.Settings, layers []layer) error {
	layers = withPresets(layers)
	var errs []error
	sections := map[string]any{
		"roles": &s.Roles, "issues": &s.Issues, "tracked": &s.Tracked, "bots": &s.Bots, "contacts": &s.Contacts, "projectMaintainers": &s.Project, "otherCommands": &s.OtherCommands,
	}
	for name, into := range sections {
		if n := section(layers, name); n != nil {
			errs = append(errs, n.Decode(into))
		}
	}
	return errors.Join(errs...)
}

// pluginOptions merges a plugin's options over its defaults, which are merged like a layer, so that maps among them are
// merged deeply too. The result is read into a new value: layers never write into what the plugin's defaults share.
func pluginOptions(c plugin.Configurable, name string, layers []layer) (any, []error) {
	defaults := c.Options()
	var n yaml.Node
	if err := n.Encode(defaults); err != nil {
		return nil, []error{err}
	}
	merged := &n
	for _, l := range layers {
		if o := l.plugin(name); o != nil && o.Kind == yaml.MappingNode {
			merged = merge(merged, o)
		}
	}
	options := reflect.New(reflect.TypeOf(defaults).Elem()).Interface()
	if err := merged.Decode(options); err != nil {
		return nil, []error{errors.New(readable(err))}
	}
	if v, ok := options.(interface{ Validate() []error }); ok {
		return options, v.Validate()
	}
	return options, nil
}

// locate finds the line that an error from a plugin's options is about: in the last layer that has the most of the
// field's path.
func locate(layers []layer, name string, err error) *Error {
	path := []string{"plugins", name}
	if field, ok := errors.AsType[FieldError](err); ok {
		path = append(path, strings.Split(strings.NewReplacer("[", ".", "]", "").Replace(field.Field()), ".")...)
	}
	e := &Error{File: layers[0].file, Text: "plugin " + quote(name) + ": " + err.Error()}
	deepest := 1 // "plugins" alone names nothing
	for _, l := range slices.Backward(layers) {
		if at, depth := find(l.node, path); depth > deepest {
			deepest = depth
			e.File, e.Line, e.Column = l.file, at.Line, at.Column
		}
	}
	return e
}
