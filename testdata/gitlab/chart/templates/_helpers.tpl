{{/* Every helper takes a dict: component, version and root. */}}

{{- define "labels" -}}
app: {{ .component }}
chart: {{ .component }}-{{ .version }}
release: {{ .root.Release.Name }}
heritage: {{ .root.Release.Service }}
{{- end }}

{{- define "selector" -}}
app: {{ .component }}
release: {{ .root.Release.Name }}
{{- end }}

{{- define "fullname" -}}
{{ .root.Release.Name }}-{{ .component }}
{{- end }}

{{- define "account.name" -}}
{{- $own := index .root.Values .component "serviceAccount" -}}
{{ coalesce $own.name .root.Values.serviceAccount.name (include "fullname" .) }}
{{- end }}

{{- define "account.line" -}}
{{- if .root.Values.serviceAccount.enabled -}}
serviceAccountName: {{ include "account.name" . }}
{{- end }}
{{- end }}

{{- define "account.object" -}}
{{- if and .root.Values.serviceAccount.enabled .root.Values.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "account.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "labels" . | nindent 4 }}
    
{{- end }}
{{- end }}

{{/* What GitLab leaves of an empty map: a key, and under it a line of blanks. */}}
{{- define "nothing" -}}
{{- end }}

{{/* Init and main container of a Rails component. */}}
{{- define "rails.containers" -}}
initContainers:
  - name: configure
    command: [sh, /config/configure]
    image: "registry.example.com/gitlab-base:v17.3.0"
    env:
    
    volumeMounts:
    - name: {{ .component }}-config
      mountPath: /config
      readOnly: true
    - name: init-{{ .component }}-secrets
      mountPath: /init-config
      readOnly: true
containers:
  - name: {{ .component }}
    image: "registry.example.com/gitlab-{{ .component }}:v17.3.0"
    
    env:
      - name: GITALY_FEATURE_DEFAULT_ON
        value: "1"
      - name: TZ
        value: 'UTC'
      
    volumeMounts:
      - name: {{ .component }}-config
        mountPath: '/var/opt/gitlab/templates'
{{- end }}

{{/* The configuration of a Rails component, and the Secrets its init container copies. */}}
{{- define "rails.volumes" -}}
volumes:

- name: {{ .component }}-config
  projected:
    sources:
      - configMap:
          name: {{ include "fullname" . }}
- name: init-{{ .component }}-secrets
  projected:
    defaultMode: 0400
    sources:
    - secret:
        name: "{{ .root.Release.Name }}-rails-secret"
        items:
          - key: "secrets.yml"
            path: rails-secrets/secrets.yml
    # mount secret for object_store
    - secret:
        name: object-storage
        items:
          - key: connection
            path: objectstorage/object_store
    # mount secret for artifacts
    # mount secret for minio
    {{- if .s3cfg }}
    - secret:
        name: s3cmd-config
        items:
          - key: config
            path: objectstorage/.s3cfg
    {{- end }}
{{- end }}
