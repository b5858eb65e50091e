package main

import (
	"bytes"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/plugins"
)

// object is what these tests look at in a Kubernetes object.
type object struct {
	Kind     string
	Metadata struct{ Name, Namespace string }
	Data     map[string]string
	Spec     struct {
		Selector any
		Ports    []struct {
			Port       int
			TargetPort string `yaml:"targetPort"`
		}
		Template struct {
			Metadata struct{ Labels map[string]string }
			Spec     struct {
				Containers []struct {
					Args         []string
					Ports        []struct{ Name string }
					VolumeMounts []struct {
						Name      string
						MountPath string `yaml:"mountPath"`
					} `yaml:"volumeMounts"`
				}
				Volumes []struct {
					Name      string
					ConfigMap struct{ Name string } `yaml:"configMap"`
					Secret    struct {
						SecretName string `yaml:"secretName"`
					} `yaml:"secret"`
					PersistentVolumeClaim struct {
						ClaimName string `yaml:"claimName"`
					} `yaml:"persistentVolumeClaim"`
				}
			}
		}
	}
}

// kustomize builds a folder with the real one.
func kustomize(t *testing.T, dir string) map[string]object {
	t.Helper()
	cmd := exec.Command("go", "tool", "-modfile=hack/tools/kustomize.mod", "kustomize", "build", dir)
	cmd.Dir = "../.."
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("kustomize build %s: %v\n%s", dir, err, &errOut)
	}
	found := map[string]object{}
	dec := yaml.NewDecoder(bytes.NewReader(out))
	for {
		var o object
		if err := dec.Decode(&o); errors.Is(err, io.EOF) {
			return found
		} else if err != nil {
			t.Fatalf("%s: %v", dir, err)
		}
		found[o.Kind] = o
	}
}

// TestManifests: what kustomize makes fits together, and ddbot takes the flags and the configuration.
func TestManifests(t *testing.T) {
	for _, c := range []struct {
		dir, namespace string
		kinds          []string
		mode           config.Mode
		secrets        []string
	}{
		{"config/kustomize/base", "ddbot", []string{"ConfigMap", "Deployment", "Namespace", "PersistentVolumeClaim", "Service"}, config.Server, []string{"hmac-token", "github-token"}},
		{"config/kustomize/prow", "prow", []string{"ConfigMap", "Deployment", "PersistentVolumeClaim", "Service"}, config.External, []string{"hmac-token", "ddbot-github-token"}},
	} {
		objects := kustomize(t, c.dir)
		var kinds, secrets []string
		for kind, o := range objects {
			kinds = append(kinds, kind)
			if kind != "Namespace" && o.Metadata.Namespace != c.namespace {
				t.Errorf("%s: the %s is in %q, want %q", c.dir, kind, o.Metadata.Namespace, c.namespace)
			}
		}
		if slices.Sort(kinds); !slices.Equal(kinds, c.kinds) {
			t.Errorf("%s: there are %v, want %v", c.dir, kinds, c.kinds)
		}
		cfg, err := config.Parse(c.dir, []byte(objects["ConfigMap"].Data["ddbot.yaml"]), plugins.All())
		if err != nil || cfg.Mode() != c.mode {
			t.Errorf("%s: the configuration: %v, want mode %s", c.dir, err, c.mode)
		}
		pod, service := objects["Deployment"].Spec.Template, objects["Service"].Spec
		if pod.Metadata.Labels["app"] != "ddbot" || len(service.Ports) != 1 || service.Ports[0].Port != 80 || service.Ports[0].TargetPort != pod.Spec.Containers[0].Ports[0].Name {
			t.Errorf("%s: the service does not lead to the pod: %+v", c.dir, service)
		}
		mounted := map[string]string{} // path by volume
		for _, m := range pod.Spec.Containers[0].VolumeMounts {
			mounted[m.Name] = m.MountPath
		}
		for _, v := range pod.Spec.Volumes {
			if mounted[v.Name] == "" {
				t.Errorf("%s: the volume %s is mounted nowhere", c.dir, v.Name)
			}
			if v.Secret.SecretName != "" {
				secrets = append(secrets, v.Secret.SecretName)
			}
			if name := v.ConfigMap.Name; name != "" && name != objects["ConfigMap"].Metadata.Name {
				t.Errorf("%s: there is no ConfigMap %s", c.dir, name)
			}
			if name := v.PersistentVolumeClaim.ClaimName; name != "" && name != objects["PersistentVolumeClaim"].Metadata.Name {
				t.Errorf("%s: there is no claim %s", c.dir, name)
			}
		}
		slices.Sort(secrets)
		if slices.Sort(c.secrets); !slices.Equal(secrets, c.secrets) {
			t.Errorf("%s: the secrets are %v, want %v", c.dir, secrets, c.secrets)
		}
		checkArgs(t, c.dir, pod.Spec.Containers[0].Args, mounted)
	}
}

// checkArgs has the real command read the arguments; each file that they name is in a mounted folder.
func checkArgs(t *testing.T, dir string, args []string, mounted map[string]string) {
	t.Helper()
	cmd, rest, err := root().Find(args)
	if err == nil {
		err = cmd.ParseFlags(rest)
	}
	if err != nil || cmd.Name() != "serve" {
		t.Errorf("%s: %v: %v", dir, args, err)
	}
	for _, a := range rest {
		_, value, _ := strings.Cut(a, "=")
		if path := strings.TrimPrefix(value, "sqlite:"); strings.HasPrefix(path, "/") {
			var in bool
			for _, at := range mounted {
				in = in || strings.HasPrefix(path, at+"/")
			}
			if !in {
				t.Errorf("%s: %s is in no mounted folder", dir, a)
			}
		}
	}
}
