package plugin

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
)

// Catalog is the commands of the plugins that are on in a repository, by name.
type Catalog struct {
	Plugins  []Plugin
	commands map[string][]entry
	all      []Command // in the plugins' order
	prefix   string    // the word that people write for Family
}

// Family is the word with which ddbot's own commands begin in code. Repositories may have people write another one.
const Family = "dd"

type entry struct {
	plugin  Plugin
	command Command
}

// DefaultCommands are a plugin's commands where nothing is configured.
func DefaultCommands(p Plugin) []Command {
	if c, ok := p.(Configurable); ok {
		return p.Commands(c.Options())
	}
	return p.Commands(nil)
}

// NewCatalog collects the commands of plugins, by their options. Plugins come in the order in which help shows them. People write
// prefix where the code says Family; "" is the same word.
func NewCatalog(plugins []Plugin, options map[string]any, prefix string) *Catalog {
	c := &Catalog{Plugins: plugins, commands: map[string][]entry{}, prefix: cmp.Or(prefix, Family)}
	for _, p := range plugins {
		for _, cmd := range p.Commands(options[p.Name()]) {
			c.all = append(c.all, cmd)
			for _, name := range append([]string{cmd.Name}, cmd.Also...) {
				c.commands[name] = append(c.commands[name], entry{p, cmd})
			}
		}
	}
	return c
}

// Prefix is the word that people write for Family.
func (c *Catalog) Prefix() string { return c.prefix }

// reFamily finds commands of the family in sentences: behind a blank, a quotation mark or a bracket, never in an address.
var reFamily = regexp.MustCompile("(^|[\\s`\"'(\u00a0])/(remove-)?" + Family + "\\b")

// Say makes a sentence that names commands of the family name them as people write them here.
func (c *Catalog) Say(sentence string) string {
	if c.prefix == Family {
		return sentence
	}
	return reFamily.ReplaceAllString(sentence, "${1}/${2}"+c.prefix)
}

// inner makes the first word of a line the one that the code knows; ok is false for a word of the family that this repository does
// not use.
func (c *Catalog) inner(words []string) (_ []string, ok bool) {
	if c.prefix == Family {
		return words, true
	}
	switch words[0] {
	case c.prefix:
		return append([]string{Family}, words[1:]...), true
	case "remove-" + c.prefix:
		return append([]string{"remove-" + Family}, words[1:]...), true
	case Family, "remove-" + Family:
		return words, false
	}
	return words, true
}

// Clash gives a command that two plugins own and that no argument tells apart, "" for none.
func (c *Catalog) Clash() (name, first, second string) {
	for _, name := range slices.Sorted(maps.Keys(c.commands)) {
		list := slices.DeleteFunc(slices.Clone(c.commands[name]), func(e entry) bool { return e.command.Takes != nil })
		if len(list) > 1 && list[0].plugin.Name() != list[1].plugin.Name() {
			return name, list[0].plugin.Name(), list[1].plugin.Name()
		}
	}
	return "", "", ""
}

// Commands are the commands of all plugins, in the plugins' order.
func (c *Catalog) Commands() []Command { return c.all }

// Match is what Lookup finds. Where the first word is a plugin's and the second is not, Command is nil and Ours is true: the
// person deserves an answer. Words that no plugin owns are none of our business: Ours is false.
type Match struct {
	Plugin  Plugin
	Command *Command
	Name    string // by which it was called: "dd done"
	Args    string // what follows the name
	Ours    bool
}

// Lookup finds the command that the words and arguments of a line mean: "/dd/status x", "/dd status x" and
// "/lifecycle stale" alike.
func (c *Catalog) Lookup(words []string, rest string) Match {
	words, ok := c.inner(words)
	if !ok {
		return Match{Name: words[0], Args: rest}
	}
	if len(words) == 1 {
		verb, after, _ := strings.Cut(rest, " ")
		if i := strings.IndexAny(rest, " \t\u00a0"); i >= 0 {
			verb, after = rest[:i], strings.Trim(rest[i:], " \t\u00a0")
		}
		if m := c.pick(words[0]+" "+strings.ToLower(verb), after); m.Ours {
			return m
		}
		if m := c.pick(words[0], rest); m.Ours {
			return m
		}
		return Match{Name: words[0], Args: rest, Ours: c.family(words[0])}
	}
	name, args := strings.Join(words[:2], " "), strings.TrimSpace(strings.Join(append(words[2:], rest), " "))
	if m := c.pick(name, args); m.Ours {
		return m
	}
	if c.family(words[0]) {
		return Match{Name: name, Args: args, Ours: true}
	}
	return c.pick(words[0], strings.TrimSpace(strings.Join(append(words[1:], rest), " ")))
}

// pick chooses among the commands of one name: the one that is meant by these arguments, else the first.
func (c *Catalog) pick(name, args string) Match {
	list := c.commands[name]
	for _, e := range list {
		if e.command.Takes != nil && e.command.Takes(args) {
			return Match{e.plugin, &e.command, name, args, true}
		}
	}
	if len(list) > 0 {
		return Match{list[0].plugin, &list[0].command, name, args, true}
	}
	return Match{Name: name, Args: args}
}

func (c *Catalog) family(word string) bool {
	for name := range c.commands {
		if strings.HasPrefix(name, word+" ") {
			return true
		}
	}
	return false
}

// Verbs gives the second words of a family ("dd": done, note, …), in alphabetical order.
func (c *Catalog) Verbs(family string) []string {
	var verbs []string
	for name := range c.commands {
		if verb, ok := strings.CutPrefix(name, family+" "); ok {
			verbs = append(verbs, verb)
		}
	}
	slices.Sort(verbs)
	return slices.Compact(verbs)
}

// Like gives the second word of the command of a family that has the purpose of a word, "" if none has.
func (c *Catalog) Like(family, word string) string {
	for _, cmd := range c.all {
		if verb, ok := strings.CutPrefix(cmd.Name, family+" "); ok && slices.Contains(cmd.Like, strings.ToLower(word)) {
			return verb
		}
	}
	return ""
}

// Help gives the commands with that name, or all of them for the empty name, in the plugins' order.
func (c *Catalog) Help(name string) []Command {
	var out []Command
	for _, cmd := range c.all {
		if name == "" || cmd.Name == name || slices.Contains(cmd.Also, name) {
			out = append(out, cmd)
		}
	}
	return out
}

// Suggest gives the candidate that somebody who wrote word most likely meant, or "".
func Suggest(word string, candidates []string) string {
	word = strings.ToLower(word)
	if word == "" {
		return ""
	}
	best := slices.MinFunc(append([]string{""}, candidates...), func(a, b string) int {
		return cmp.Compare(unlike(word, a), unlike(word, b))
	})
	far := max(2, len(word)/3)
	if len(word) <= 4 {
		far = 1 // in a short word two letters are half of it
	}
	if best == "" || unlike(word, best) > far {
		return ""
	}
	return best
}

// unlike is the edit distance, small where one is the other's beginning, or the word is but for its last letter:
// "donetechnical" is near "done", "in-vote" is near "in-voting".
func unlike(word, candidate string) int {
	if candidate == "" {
		return 1 << 20
	}
	c := strings.ToLower(candidate)
	far := checklist.Distance(word, c)
	switch {
	case len(c) >= 3 && strings.HasPrefix(word, c), len(word) >= 3 && strings.HasPrefix(c, word):
		return min(far, 1)
	case len(word) >= 5 && strings.HasPrefix(c, word[:len(word)-1]):
		return min(far, 2)
	}
	return far
}
