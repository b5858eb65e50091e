package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/plugins"
	evidenceplugin "github.com/ddbot/ddbot/plugins/evidence"
)

func draftCommand() *cobra.Command {
	var f evidenceFlags
	var template, configFile string
	cmd := &cobra.Command{
		Use:   "draft [flags] LEVEL ORG/REPO",
		Short: "Write an application for a project: a template, filled with what its repositories say",
		Long: "LEVEL is incubation or graduation. Under each box stands what was found, as permalinks, and facts with their dates;\n" +
			"TODO where nothing was found; at the end a list of what is missing, by effort. No box is ticked: that is the project's\n" +
			"own claim. Plain Markdown on standard output; nothing is changed anywhere.",
		Example: "  ddbot draft graduation kubevirt/kubevirt --template template-graduation-application.md > draft.md\n" +
			"  ddbot draft incubation openfga/openfga --clone openfga/openfga=../openfga --clone cncf/toc=../toc",
		Args: args(cobra.ExactArgs(2)),
		RunE: func(c *cobra.Command, a []string) error {
			f.level, f.project = strings.ToLower(a[0]), a[1]
			if f.level != evidence.Incubation && f.level != evidence.Graduation {
				return usage("LEVEL is incubation or graduation, not %q", a[0])
			}
			if !fullName.MatchString(f.project) {
				return usage("ORG/REPO is the project's main repository, and %q is not one", a[1])
			}
			if template == "" && configFile != "" {
				var err error
				if template, err = configuredTemplate(configFile, f.level, f.project, c.InOrStdin()); err != nil {
					return err
				}
			}
			return f.draft(c.Context(), template, c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f.add(cmd)
	_ = cmd.Flags().MarkHidden("level")
	_ = cmd.Flags().MarkHidden("project")
	cmd.Flags().StringVar(&template, "template", "", "file or https address of the template; without it, the known criteria in ddbot's words")
	cmd.Flags().StringVar(&configFile, "config", "", "configuration that names the templates (defaults.plugins.evidence.templates)")
	return cmd
}

// configuredTemplate is the template that the configuration names for a level, in the project's repository.
func configuredTemplate(file, level, project string, in io.Reader) (string, error) {
	text, err := readFile(file, in)
	if err != nil {
		return "", &exitError{exitUsage, err}
	}
	cfg, err := config.Parse(file, []byte(text), plugins.All())
	if err != nil {
		return "", &exitError{exitUsage, err}
	}
	repo, _ := issue.ParseRepo(project)
	settings, ours := cfg.For(repo.Ref())
	if !ours {
		return "", usage("%s leaves %s alone: give --template", file, project)
	}
	o, _ := settings.Options[evidenceplugin.Plugin{}.Name()].(*evidenceplugin.Options)
	if o == nil || o.Templates.Of(level) == "" {
		return "", usage("%s names no template for %s: set defaults.plugins.evidence.templates.%s, or give --template", file, level, level)
	}
	return o.Templates.Of(level), nil
}

func (f *evidenceFlags) draft(ctx context.Context, template string, in io.Reader, out, errOut io.Writer) error {
	rig, err := f.open(errOut)
	if err != nil {
		return err
	}
	defer rig.close()
	text, items, err := f.template(ctx, rig, template, in)
	if err != nil {
		return err
	}
	o, err := f.options(rig, text)
	if err != nil {
		return err
	}
	facts, err := rig.gather(ctx, items, o)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, evidence.Draft(text, evidence.Check(items, facts), facts))
	return err
}

// template gives the text to be filled and its boxes.
func (f *evidenceFlags) template(ctx context.Context, rig *evidenceRig, name string, in io.Reader) (string, []evidence.Item, error) {
	if name == "" {
		return evidence.BuiltIn(f.level), evidence.BuiltInItems(f.level), nil
	}
	text, err := rig.text(ctx, name, in)
	if err != nil {
		return "", nil, err
	}
	items, err := evidence.Items(text)
	if err != nil {
		return "", nil, &exitError{exitUsage, fmt.Errorf("this template cannot be read: %w", err)}
	}
	if len(items) == 0 {
		return "", nil, usage("there is no check box in %s: is it a template?", name)
	}
	return text, evidence.Unfilled(items), nil
}

// text reads a file, or an address of the web.
func (r *evidenceRig) text(ctx context.Context, name string, in io.Reader) (string, error) {
	if strings.HasPrefix(name, "https://") || strings.HasPrefix(name, "http://") {
		text, err := r.fetch(ctx, name)
		if err != nil {
			return "", fmt.Errorf("read %s: %w", name, err)
		}
		return text, nil
	}
	text, err := readFile(name, in)
	if err != nil {
		return "", &exitError{exitUsage, err}
	}
	return text, nil
}
