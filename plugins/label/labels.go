package label

import "github.com/ddbot/ddbot/pkg/plugin"

// Labels are the helper labels. A repository that lacks one has chosen to do without.
func (Plugin) Labels(options any) []plugin.Label {
	o, ok := options.(*Options)
	if !ok {
		return nil
	}
	var out []plugin.Label
	for _, n := range o.Needs {
		out = append(out, plugin.Label{Name: n.Label, Color: "ededed", Description: "There is no such label on this issue yet.", Optional: true})
	}
	return out
}
