package helpwanted

import "github.com/ddbot/ddbot/pkg/plugin"

// Labels are the two that the commands put on.
func (Plugin) Labels(options any) []plugin.Label {
	o, ok := options.(*Options)
	if !ok {
		return nil
	}
	return []plugin.Label{
		{Name: o.Help, Color: "006b75", Description: "Help from others is wanted."},
		{Name: o.First, Color: "7057ff", Description: "Good for newcomers."},
	}
}
