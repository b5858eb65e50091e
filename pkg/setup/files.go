package setup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/ddbot/ddbot/pkg/github"
)

// Files are where what GitHub gives is kept. No file is overwritten.
type Files struct {
	Dir    string
	Config string // a configuration that is there already; "" makes one
}

// The names of the files.
const (
	fileID     = "app-id"
	fileKey    = "app-key.pem"
	fileSecret = "webhook-secret"
	fileConfig = "ddbot.yaml"
)

// readyConfig is the configuration for whoever has none.
const readyConfig = `# What ddbot does, and where. All plugins are on with their defaults; 'ddbot config example' explains every option, and
# 'ddbot check-config' checks a file. A plugin that is switched on later may need a permission that the App lacks: the log of
# 'ddbot serve' and /readyz?verbose name it.
defaults:
  plugins: {}
`

func (f Files) names() []string {
	names := []string{fileKey, fileSecret, fileID}
	if f.Config == "" {
		names = append(names, fileConfig)
	}
	return names
}

func (f Files) path(name string) string { return filepath.Join(f.Dir, name) }

// config is the path of the configuration that the server is to start with.
func (f Files) config() string {
	if f.Config != "" {
		return f.Config
	}
	return f.path(fileConfig)
}

// Check makes the folder and finds what would keep Save from writing. It has to be asked before an App is made.
func (f Files) Check() error {
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return fmt.Errorf("make the folder for the App's files: %w; choose another with --out", err)
	}
	for _, name := range f.names() {
		_, err := os.Lstat(f.path(name))
		switch {
		case err == nil:
			return fmt.Errorf("%s is there already, and nothing is overwritten: move it away, or choose another folder with --out", f.path(name))
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("look for %s: %w", f.path(name), err)
		}
	}
	probe, err := os.CreateTemp(f.Dir, ".ddbot-setup-")
	if err != nil {
		return fmt.Errorf("write to the folder for the App's files: %w; choose another with --out", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// Save writes the files, for their owner's eyes only, and leaves alone those that an earlier call has written. secret is that of
// the webhook.
func (f Files) Save(app github.NewApp, secret string) error {
	text := map[string]string{
		fileKey: string(app.Key), fileSecret: secret + "\n", fileID: strconv.FormatInt(app.ID, 10) + "\n", fileConfig: readyConfig,
	}
	for _, name := range f.names() {
		path := f.path(name)
		if data, err := os.ReadFile(path); err == nil && string(data) == text[name] {
			continue // by the attempt before, which failed at the next file
		}
		if err := write(path, text[name]); err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
	}
	return nil
}

// write makes a new file that is whole and on disk when it returns nil, or none.
func write(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.WriteString(file, text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}
