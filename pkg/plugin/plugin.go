// Package plugin is what a plugin of ddbot is: commands with their help, and a handler for events without a command.
// A plugin decides and never acts: from what happened, the issue and the facts it computes effects (package plan). It
// does no I/O, reads no clock and keeps no state, so the same code serves the server, dry runs, replays and tests.
package plugin

import (
	"fmt"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// Plugin is one capability.
type Plugin interface {
	// Name is the plugin's name in the configuration.
	Name() string
	// Help is one or two sentences about the plugin, for people.
	Help() string
	// Commands are the commands that it owns with these options (nil are the defaults). Dispatch, help and the roles that the
	// engine enforces come from here.
	Commands(options any) []Command
	// Handle decides about an event itself, whether or not it carries commands; it runs after the event's commands.
	Handle(Input) ([]plan.Effect, error)
}

// Configurable is a plugin with options.
type Configurable interface {
	// Options gives a pointer to the default options, a struct with yaml tags; the configuration is read into it.
	// If it has a method Validate() []error, that is called after reading.
	Options() any
}

// Pulls is a plugin that can look after pull requests by itself, beyond commands that people write there.
type Pulls interface {
	// Pulls tells whether it does with these options.
	Pulls(options any) bool
}

// Publisher is implemented by the options of a plugin that can write branches and open pull requests.
type Publisher interface {
	// Publishes tells whether it does with these options.
	Publishes() bool
}

// Role is a set of people. Who is in it is configuration; the engine answers it, a plugin only names it.
type Role string

// The roles. Anyone needs no look-up.
const (
	Anyone     Role = "anyone"
	Author     Role = "author"     // of the issue
	Maintainer Role = "maintainer" // write permission, or an approver in OWNERS
	Sponsor    Role = "sponsor"
	// Applicant is who speaks for the project on this one issue: its author, whom its contacts field names, and whom they named.
	Applicant Role = "applicant"
	Reviewer  Role = "reviewer" // triage permission, or a reviewer in OWNERS
	Staff     Role = "staff"    // maintain or admin permission
)

// Roles are all roles, for help and validation.
var Roles = []Role{Anyone, Author, Applicant, Maintainer, Sponsor, Reviewer, Staff}

// Command is one command that people can write.
type Command struct {
	Name     string   // "lifecycle", or two words: "dd done"
	Also     []string // other names of the same command
	Usage    string   // "/dd done ITEM… [text]"
	Help     string   // one sentence
	Examples []string
	Like     []string // other words of the same purpose, for who guesses: "tick" for done
	Who      []Role   // who may use it: enforced by the engine, for the person who wrote the command
	// WhoElse says in words when others may too; such a command has Who Anyone and decides by itself.
	WhoElse string
	// May tells whether somebody may, for help; nil is who is in Who.
	May func(in Input, by event.User) (bool, error)
	// Takes tells whether this command is meant by these arguments, where several share a name; nil is always.
	Takes func(rest string) bool
	// PullOnly says that the command is of no use on an issue.
	PullOnly bool
	// Tracks says that success makes the issue one that ddbot looks after.
	Tracks bool
	// Text says that the lines below the command, up to the next one, belong to it (Args.Text). For others they are just
	// what people write below.
	Text bool
	Run  func(Input, Args) ([]plan.Effect, error)
}

// WhoCan says in words who may use the command.
func (c Command) WhoCan() string {
	if c.WhoElse != "" {
		return c.WhoElse
	}
	names := make([]string, len(c.Who))
	for i, r := range c.Who {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// Args is one command as it was written.
type Args struct {
	command.Command
	Name string     // the name by which the command was called
	Rest string     // arguments as written
	By   event.User // who wrote it
}

// Input is all that a decision may depend on.
type Input struct {
	Event   event.Event
	Issue   issue.Snapshot // with the effects of earlier commands folded in
	Before  issue.Snapshot // as it was before this event's commands: rights that depend on state look here
	Facts   *fact.Set
	Now     time.Time
	Tracked bool
	Options any // of this plugin for this repository: a pointer of the type that Options gives
	// Replaced are the commands of the same comment that an edit by its author took out or changed.
	Replaced []Args
	Can      func(by event.User, roles ...Role) (bool, error)
	// Acted says that something is done already because of this event.
	Acted bool
	// Status is the bot's status comment as it will be after what was decided before.
	Status  func() (fact.Status, error)
	WhoIs   func(Role) string // names the people of a role for a sentence, by login where known; may be nil
	Catalog *Catalog          // what is on in this repository, for help
	// Guard gives the plugin that keeps labels for some people, with the input for it; nil if there is none. See Set and Unset.
	Guard func() (Guard, Input)
	// ItemGuard gives the plugin that keeps items of the checklist, with the input for it; nil if there is none. See Bars.
	ItemGuard func() (ItemGuard, Input)
	// MayLag says that Issue may be older than ddbot's own last write: "it is so already" is then only likely.
	MayLag bool
}

// Options gives the plugin's options with their type. Who calls it with another type, or where there are none, has made a
// mistake in code, not in a configuration: it panics, and never answers with zeroes.
func Options[T any](in Input) *T {
	o, ok := in.Options.(*T)
	if !ok {
		panic(fmt.Sprintf("plugin: the options are %T, not %T", in.Options, o))
	}
	return o
}

// UserError is a mistake or a refusal that the person is told about. It is never retried.
// Any other error from a plugin is ours: logged once and retried.
type UserError struct{ Text string }

func (e *UserError) Error() string { return e.Text }

// Silent is for a command that does nothing and of which the person has been told before.
var Silent error = &UserError{}

// Userf makes a UserError. The text is Markdown: a short sentence that names the thing and the way out.
func Userf(format string, args ...any) error {
	return &UserError{strings.TrimSpace(fmt.Sprintf(format, args...))}
}
