package config

import (
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// merge lays one value over another: mappings deeply, anything else replaces. A value that says nothing changes nothing.
// Neither argument is changed; no mapping of the result has a key twice.
func merge(base, over *yaml.Node) *yaml.Node {
	if over == nil || base != nil && isNull(over) {
		return base
	}
	if over.Kind != yaml.MappingNode {
		return over
	}
	out := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: over.Line, Column: over.Column}
	at := map[string]int{}
	if base != nil && base.Kind == yaml.MappingNode {
		out.Content = slices.Clone(base.Content)
		for i := 0; i+1 < len(out.Content); i += 2 {
			at[out.Content[i].Value] = i
		}
	}
	for i := 0; i+1 < len(over.Content); i += 2 {
		k, v := over.Content[i], over.Content[i+1]
		if j, ok := at[k.Value]; ok {
			out.Content[j+1] = merge(out.Content[j+1], v)
			continue
		}
		at[k.Value] = len(out.Content)
		out.Content = append(out.Content, k, merge(nil, v))
	}
	return out
}

// get gives the value of a key of a mapping, or nil.
func get(n *yaml.Node, key string) *yaml.Node {
	_, v := entry(n, key)
	return v
}

func entry(n *yaml.Node, key string) (k, v *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// find follows a path as far as it goes: the node that names its last part, and how many parts there were.
func find(n *yaml.Node, path []string) (at *yaml.Node, depth int) {
	for _, part := range path {
		k, v := entry(n, part)
		if n != nil && n.Kind == yaml.SequenceNode {
			if i, err := strconv.Atoi(part); err == nil && i >= 0 && i < len(n.Content) {
				k, v = n.Content[i], n.Content[i]
			}
		}
		if k == nil {
			break
		}
		at, n, depth = k, v, depth+1
	}
	return at, depth
}
