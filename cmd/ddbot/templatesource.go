package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence/web"
	"github.com/ddbot/ddbot/pkg/template"
)

// templateWanted says which of the known templates a short name means.
type templateWanted struct{ kind, level string }

const templateNames = "a file, an address, a hash or commit from 'ddbot template list', newest, or LEVEL, KIND/LEVEL or KIND/LEVEL@YYYY-MM-DD"

var named = regexp.MustCompile(`^(?:(application|report)/)?(incubation|graduation)(?:@(\d{4}-\d\d-\d\d))?$`)

func (w templateWanted) String() string {
	if w.kind == template.Report {
		return "a report on " + w.level
	}
	return "an application for " + w.level
}

// readWanted is readTemplate for --template, where another kind or level would contradict what else was said.
func readWanted(ctx context.Context, name string, w templateWanted, in io.Reader) (*template.Version, error) {
	v, err := readTemplate(ctx, name, w, in)
	if err == nil && (v.Kind != w.kind || v.Level != w.level) {
		return nil, usage("--template %s is the %s, and %s is wanted", name, v.Name(), w)
	}
	return v, err
}

// readTemplate finds a template by name.
func readTemplate(ctx context.Context, name string, w templateWanted, in io.Reader) (*template.Version, error) {
	if strings.HasPrefix(name, "https://") || strings.HasPrefix(name, "http://") {
		text, err := download(ctx, name)
		if err != nil {
			return nil, err
		}
		v := template.NewVersion(w.kind, w.level, text)
		v.Path = name
		return checkedTemplate(&v)
	}
	if _, err := os.Stat(name); err == nil || name == "-" {
		text, err := readFile(name, in)
		if err != nil {
			return nil, &exitError{exitUsage, err}
		}
		v := template.NewVersion(w.kind, w.level, text)
		v.Path = name
		return checkedTemplate(&v)
	}
	if m := named.FindStringSubmatch(name); m != nil {
		if m[1] != "" {
			w.kind = m[1]
		}
		w.level = m[2]
		return inForce(w, m[3])
	}
	if name == "newest" {
		return inForce(w, "")
	}
	v, err := template.Find(name, "", "")
	if err != nil && w.kind != "" {
		if v, narrow := template.Find(name, w.kind, w.level); narrow == nil {
			return v, nil
		}
	}
	if err != nil {
		return nil, usage("%w; a template is %s", err, templateNames)
	}
	return v, nil
}

// checkedTemplate refuses what cannot be read, and puts what is known of a known text.
func checkedTemplate(v *template.Version) (*template.Version, error) {
	o, err := template.Read(v.Text)
	if err != nil {
		return nil, &exitError{exitUsage, fmt.Errorf("%s: %w", v.Path, err)}
	}
	if len(o.Boxes()) == 0 {
		return nil, usage("%s has no check box: it is no template", v.Path)
	}
	if k, err := template.Find(v.Hash, "", ""); err == nil {
		return k, nil
	}
	if v.Kind == "" || v.Level == "" {
		if m := template.Recognize(o, template.Versions(), v.Kind, v.Level); len(m) > 0 {
			v.Kind, v.Level = m[0].Version.Kind, m[0].Version.Level
		}
	}
	return v, nil
}

// inForce gives the newest version, or the one that was the newest at the end of a day.
func inForce(w templateWanted, day string) (*template.Version, error) {
	if w.kind == "" || w.level == "" {
		return nil, usage("newest of which? Name %s", templateNames)
	}
	var found *template.Version
	for i, v := range template.Versions() {
		if v.Kind == w.kind && v.Level == w.level && (day == "" || v.Date <= day) {
			found = &template.Versions()[i]
		}
	}
	if found == nil {
		return nil, usage("no %s template for %s is known from %s or before; 'ddbot template list' lists them", w.kind, w.level, day)
	}
	return found, nil
}

// download reads a text that the caller names, wherever that is. A page of a file on GitHub gives the file.
func download(ctx context.Context, address string) (string, error) {
	const patience = 30 * time.Second
	u, err := url.Parse(address)
	if err != nil {
		return "", usage("%s is no address: %w", address, err)
	}
	text, err := web.New(web.Options{Allow: []string{u.Host}, Timeout: patience, UserAgent: "ddbot/" + buildVersion()}).Text(ctx, address)
	if err != nil {
		return "", fmt.Errorf("the template at %s could not be read: %w; a file or a known version needs no network", address, err)
	}
	return text, nil
}
