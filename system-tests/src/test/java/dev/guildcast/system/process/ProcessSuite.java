package dev.guildcast.system.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.suite.LocalSuite;
import dev.guildcast.suite.image.Image;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.publish.IngressClient;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.status.SuiteStatus;
import dev.guildcast.witness.model.World;
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
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two of each service that can be two, as processes, with both worlds in them and a [CutDoor] that clients come
/// through.
///
/// - **Owner:** the run; its methods may be called from any thread.
/// - **Promise:** after [#close] no process that this one started is left, else it throws.
final class ProcessSuite implements AutoCloseable {
    /// Short, so that a connection that has gone silent is noticed within seconds.
    private static final String HEARTBEAT = "4s";

    private static final Duration READY_MAX = Duration.ofMinutes(5);
    private static final Duration ENDED_MAX = Duration.ofSeconds(30);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
    private static final int TWO = 2;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Worlds worlds;
    private final SuiteFolder folder;
    private final CutDoor door;
    private final LocalSuite suite;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_MAX)
            .build();

    private ProcessSuite(Worlds worlds, SuiteFolder folder, CutDoor door, LocalSuite suite) {
        this.worlds = worlds;
        this.folder = folder;
        this.door = door;
        this.suite = suite;
    }

    /// Starts it and waits until it is ready; its folder is below `target`, where its logs stay.
    static ProcessSuite start() {
        var folder = new SuiteFolder(Path.of("target", "process-suite"));
        var worlds = Worlds.writeInto(folder.home());
        var said = new CopyOnWriteArrayList<String>();
        var target = new Target();
        var door = CutDoor.open(target::address);
        var options = new SuiteOptions(false, TWO, TWO, TWO, TWO, Optional.of(worlds.file()), 0)
                .withSetting("gateway.heartbeat.interval", HEARTBEAT)
                // Libraries resume at the address that READY names: they shall come through the door again.
                .withSetting("gateway.public.url", door.url().toString());
        var suite = LocalSuite.start(options, folder, Image.ofThisProcess(), new Listener(said), said::add);
        target.suite = suite;
        var running = new ProcessSuite(worlds, folder, door, suite);
        try {
            assertThat(suite.awaitReady(READY_MAX))
                    .as("ready within %s; logs in %s: %s, %s", READY_MAX, folder.logs(), suite.status(), said)
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

    Worlds worlds() {
        return worlds;
    }

    CutDoor door() {
        return door;
    }

    Path home() {
        return folder.home();
    }

    SuiteStatus status() {
        return suite.status();
    }

    URI api() {
        return URI.create(suite.status().api());
    }

    /// Where clients connect.
    URI gateway() {
        return door.url();
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

    /// Kills one as `kill -9` does, and waits until it is there again and all are ready.
    void killAndAwait(String id) {
        int before = instance(id).restarts();
        long began = System.nanoTime();
        assertThat(suite.kill(id)).as("kill -9 %s", id).isTrue();
        await("restart of " + id + "; its log is in " + folder.logs())
                .atMost(READY_MAX)
                .until(() -> instance(id).restarts() > before && suite.isReady());
        System.out.println("kill -9 " + id + ": ready again after "
                + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
    }

    /// What `/actuator/…` of an instance says.
    JsonNode actuator(SuiteStatus.Instance instance, String endpoint) {
        var url = URI.create("http://127.0.0.1:" + instance.ports().get("http") + "/actuator/" + endpoint);
        return call(HttpRequest.newBuilder(url));
    }

    /// Publishes one event a line as the suite's own publisher.
    IngressClient.Answer publish(List<String> lines) {
        var status = suite.status();
        try {
            return new IngressClient(URI.create(status.ingress()), status.ingressToken()).publish(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes a message as a user of the chat backend does.
    ///
    /// @return the message
    JsonNode say(World.Login user, String channel, String content) {
        var url = URI.create(suite.status().api() + "/v10/channels/" + channel + "/messages");
        var body = JSON.createObjectNode().put("content", content).toString();
        return call(HttpRequest.newBuilder(url)
                .header("Authorization", "Bot " + user.token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private JsonNode call(HttpRequest.Builder request) {
        try {
            var answer = http.send(request.timeout(ANSWER_MAX).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
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
        door.close();
        suite.close();
        await("no process is left")
                .atMost(ENDED_MAX)
                .untilAsserted(() -> assertThat(ProcessHandle.current().descendants())
                        .filteredOn(ProcessHandle::isAlive)
                        .extracting(process ->
                                process.pid() + " " + process.info().command().orElse("?"))
                        .isEmpty());
    }

    /// The suite's one address for clients, known once the suite is started.
    private static final class Target {
        private volatile LocalSuite suite;

        InetSocketAddress address() {
            var gateway = URI.create(suite.status().gateway());
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.getPort());
        }
    }

    private record Listener(List<String> said) implements SuiteListener {
        @Override
        public void onState(ServiceStatus status) {}

        @Override
        public void onEnded(ServiceStatus status, String why, Duration pause) {
            said.add(status.id() + " ended: " + why);
        }
    }
}
