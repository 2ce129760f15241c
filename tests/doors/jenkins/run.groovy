// Runs a declarative Jenkinsfile with the Groovy that Jenkins itself embeds (2.4): `groovy run.groovy Jenkinsfile result.json`.
//
// The file is compiled and executed as a script; sections and steps are the few below, and an unknown one is an error. `sh` runs
// as Jenkins runs it (sh -xe, in the working directory), a failing one ends the stages, and `post` comes afterwards in any case.
// Steps of plug-ins are not run: what they were given is written to the result.
import groovy.json.JsonOutput

class Pipeline {
    Map<String, String> variables = [:]
    List recorded = []
    List stages = []
    Closure after
    boolean failed = false

    void agent(Object kind) { recorded << [step: 'agent', with: kind] }
    void options(Closure body) { inside(body) }
    void timeout(Map arguments) { recorded << [step: 'timeout', with: arguments] }
    void environment(Closure body) {
        body.delegate = new Expando()
        body.resolveStrategy = Closure.DELEGATE_ONLY
        body()
        body.delegate.properties.each { name, value -> variables[name] = value.toString() }
    }
    void stages(Closure body) { inside(body) }
    void stage(String name, Closure body) {
        if (failed) return
        stages << name
        try {
            inside(body)
        } catch (IllegalStateException error) {
            failed = true
            recorded << [step: 'failure', with: error.message]
        }
    }
    void steps(Closure body) { inside(body) }
    void post(Closure body) { after = body }
    void always(Closure body) { inside(body) }

    void sh(String script) {
        def command = new ProcessBuilder('sh', '-xe', '-c', script).redirectErrorStream(true)
        command.environment().putAll(variables)
        def process = command.start()
        process.outputStream.close()
        def said = process.inputStream.getText('UTF-8')
        def code = process.waitFor()
        recorded << [step: 'sh', code: code, log: said]
        if (code) throw new IllegalStateException("script returned exit code ${code}")
    }
    void withCredentials(List bindings, Closure body) {
        def before = new LinkedHashMap(variables)
        bindings.each { variables[it.variable] = "secret of ${it.credentialsId}".toString().replace(' ', '-') }
        inside(body)
        variables = before
    }
    Map string(Map arguments) { arguments }
    Map sarif(Map arguments) { arguments }
    void recordIssues(Map arguments) { recorded << [step: 'recordIssues', with: arguments] }
    void junit(Map arguments) { recorded << [step: 'junit', with: arguments] }
    void archiveArtifacts(Map arguments) { recorded << [step: 'archiveArtifacts', with: arguments] }

    Object propertyMissing(String name) { name } // `agent any`

    void inside(Closure body) {
        body.delegate = this
        body.resolveStrategy = Closure.DELEGATE_FIRST
        body()
    }
}

def run = new Pipeline()
def binding = new Binding(pipeline: { Closure body -> run.inside(body) })
new GroovyShell(binding).evaluate(new File(args[0]))
if (run.after) {
    try {
        run.inside(run.after)
    } catch (IllegalStateException error) {
        run.failed = true
    }
}
new File(args[1]).setText(JsonOutput.toJson([failed: run.failed, stages: run.stages, steps: run.recorded]), 'UTF-8')
