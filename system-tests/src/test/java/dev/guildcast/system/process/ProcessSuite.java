package dev.guildcast.system.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.suite.jvm.JavaCommand;
import dev.guildcast.suite.local.LocalSuite;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.plan.SuiteOptions.Instances;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.publish.HttpIngressClient;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteIdentity;
import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.witness.model.InitialWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A suite of processes with two instances of each service that can have several, both worlds, and a
/// [FaultInjectingProxy] in front of its gateways.
///
/// - **Owner:** the test run; its methods may be called from any thread.
/// - **Promise:** after [#close] no child process is left, else it throws.
final class ProcessSuite implements AutoCloseable {
    /// Short, so that a half-open connection is detected within seconds.
    private static final String HEARTBEAT = "4s";

    private static final Duration READY_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(30);
    private static final int INSTANCES = 2;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TestWorlds worlds;
    private final SuiteFolder folder;
    private final FaultInjectingProxy proxy;
    private final LocalSuite suite;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(RESPONSE_TIMEOUT)
            .build();

    private ProcessSuite(TestWorlds worlds, SuiteFolder folder, FaultInjectingProxy proxy, LocalSuite suite) {
        this.worlds = worlds;
        this.folder = folder;
        this.proxy = proxy;
        this.suite = suite;
    }

    /// Starts it and waits until it is ready; its folder is below `target`, where its logs are kept.
    static ProcessSuite start() {
        var folder = new SuiteFolder(Path.of("target", "process-suite"));
        var worlds = TestWorlds.writeInto(folder.home());
        var console = new CopyOnWriteArrayList<String>();
        var target = new SuiteGateway();
        var proxy = FaultInjectingProxy.open(target::address);
        var options = SuiteOptions.defaults()
                .withInstances(new Instances(INSTANCES, INSTANCES, INSTANCES, INSTANCES))
                .withWorld(worlds.file())
                .withPort(0)
                .withSetting("gateway.heartbeat.interval", HEARTBEAT)
                // Libraries resume at the address in READY, which must lead through the proxy again.
                .withSetting("gateway.public.url", proxy.url().toString());
        var suite = LocalSuite.start(options, folder, JavaCommand.ofThisProcess(), new Listener(console), console::add);
        target.suite = suite;
        var running = new ProcessSuite(worlds, folder, proxy, suite);
        try {
            assertThat(suite.awaitReady(READY_TIMEOUT))
                    .as("ready within %s; logs in %s: %s, %s", READY_TIMEOUT, folder.logs(), suite.status(), console)
                    .isTrue();
            return running;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running.close();
            throw new IllegalStateException(e);
        } catch (AssertionError e) {
            running.close();
            throw e;
        }
    }

    TestWorlds worlds() {
        return worlds;
    }

    FaultInjectingProxy proxy() {
        return proxy;
    }

    Path home() {
        return folder.home();
    }

    /// Calls its services in a role.
    GrpcIdentity identity(PeerRole role) {
        return SuiteIdentity.of(folder, role);
    }

    SuiteStatus status() {
        return suite.status();
    }

    URI api() {
        return URI.create(suite.status().api());
    }

    /// Where clients connect.
    URI gateway() {
        return proxy.url();
    }

    SuiteStatus.Instance instance(String id) {
        return instances()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no instance " + id));
    }

    List<SuiteStatus.Instance> instances(String service) {
        return instances().filter(one -> one.name().equals(service)).toList();
    }

    private Stream<SuiteStatus.Instance> instances() {
        return suite.status().services().stream();
    }

    /// Kills one instance as `kill -9` does, and waits until it is restarted and all are ready.
    void killAndAwait(String id) {
        int before = instance(id).restarts();
        long startedNanos = System.nanoTime();
        assertThat(suite.kill(id)).as("kill -9 %s", id).isTrue();
        await("restart of " + id + "; its log is in " + folder.logs())
                .atMost(READY_TIMEOUT)
                .until(() -> instance(id).restarts() > before && suite.isReady());
        System.out.println("kill -9 " + id + ": ready again after "
                + Duration.ofNanos(System.nanoTime() - startedNanos).toMillis() + " ms");
    }

    /// The response of an instance's `/actuator/…` endpoint.
    JsonNode actuator(SuiteStatus.Instance instance, String endpoint) {
        var ports = instance.ports();
        var url = URI.create(
                "http://127.0.0.1:" + ports.getOrDefault("management", ports.get("http")) + "/actuator/" + endpoint);
        return call(HttpRequest.newBuilder(url));
    }

    /// Publishes one event per line as the suite's local publisher.
    HttpIngressClient.PublishResult publish(List<String> lines) {
        var status = suite.status();
        try {
            return new HttpIngressClient(URI.create(status.ingress()), status.ingressToken()).publish(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Posts a message as a user of the chat backend.
    ///
    /// @return the message
    JsonNode postMessage(InitialWorld.Login user, String channel, String content) {
        var url = URI.create(suite.status().api() + "/v10/channels/" + channel + "/messages");
        var body = JSON.createObjectNode().put("content", content).toString();
        return call(HttpRequest.newBuilder(url)
                .header("Authorization", "Bot " + user.token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private JsonNode call(HttpRequest.Builder request) {
        try {
            var response = http.send(request.timeout(RESPONSE_TIMEOUT).build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        proxy.close();
        suite.close();
        await("no process is left")
                .atMost(STOP_TIMEOUT)
                .untilAsserted(() -> assertThat(ProcessHandle.current().descendants())
                        .filteredOn(ProcessHandle::isAlive)
                        .extracting(process ->
                                process.pid() + " " + process.info().command().orElse("?"))
                        .isEmpty());
    }

    /// The suite's address for clients, known once the suite is started.
    private static final class SuiteGateway {
        private volatile LocalSuite suite;

        InetSocketAddress address() {
            var gateway = URI.create(suite.status().gateway());
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.getPort());
        }
    }

    private record Listener(List<String> console) implements SuiteListener {
        @Override
        public void onState(ServiceStatus status) {}

        @Override
        public void onEnded(ServiceStatus status, String reason, Duration backoff) {
            console.add(status.id() + " ended: " + reason);
        }
    }
}
