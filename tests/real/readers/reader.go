// Reads YAML as Kubernetes does: of each line, a text in base64, it says in a line of JSON what the documents mean.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/util/yaml"
)

type answer struct {
	Documents []json.RawMessage `json:"documents"`
	Refusal   string            `json:"refusal,omitempty"`
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	answers := bufio.NewWriter(os.Stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		text, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(line)))
		must(err)
		said, err := json.Marshal(read(text))
		must(err)
		_, err = answers.Write(append(said, '\n'))
		must(err)
	}
	must(answers.Flush())
}

func read(text []byte) (found answer) {
	stream := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		var document json.RawMessage
		err := stream.Decode(&document)
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			return answer{Refusal: err.Error()}
		}
		found.Documents = append(found.Documents, document)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
