package dev.guildcast.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.system.process.FaultInjectingProxy.ConnectionLoss;
import dev.guildcast.witness.Observation;
import dev.guildcast.witness.client.RecordingClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;

/// Unmodified client libraries lose their connection in every way, and receive all that was published meanwhile.
@ExtendWith(SharedSuiteExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class CutConnectionsIT {
    private static final int BEFORE = 5;
    private static final int MEANWHILE = 20;
    private static final int AFTER = 5;
    private static final int HARBOUR_AND_OBSERVATORY = 2;

    private ProcessSuite suite;
    private TestClients jda;
    private TestClients node;

    @BeforeAll
    void logIn(ProcessSuite running) throws InterruptedException {
        suite = running;
        jda = new TestClients(suite);
        jda.jda(suite.worlds().login("dan"), true);
        jda.logIn(HARBOUR_AND_OBSERVATORY);
        node = new TestClients(suite);
        try {
            node.discordJs(suite.worlds().login("logbot"), NodeFolder.require());
            node.logIn(1);
        } catch (TestAbortedException e) {
            // Node is missing, which the test below reports.
        }
    }

    @AfterAll
    void end() {
        if (jda != null) {
            jda.close();
        }
        if (node != null) {
            node.close();
        }
    }

    @Test
    void theNodeLibraryIsIncluded() {
        NodeFolder.require();
        assertThat(node.all()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostWhenConnectionsAreCut(ConnectionLoss loss) throws InterruptedException {
        var clients = new ArrayList<RecordingClient>(jda.all());
        clients.addAll(node.all());
        var resumed = clients.stream().map(CutConnectionsIT::resumes).toList();
        publish(loss, 0, BEFORE);
        awaitAll(clients, loss, BEFORE);
        suite.proxy().holdNewConnections();
        try {
            assertThat(suite.proxy().cut(loss)).isGreaterThanOrEqualTo(clients.size());
            publish(loss, BEFORE, BEFORE + MEANWHILE);
        } finally {
            suite.proxy().open();
        }
        for (int i = 0; i < clients.size(); i++) {
            var client = clients.get(i);
            assertThat(client.recording()
                            .await(
                                    resumed.get(i) + 1,
                                    entry -> TestClients.isDispatch(entry, "RESUMED"),
                                    TestClients.TIMEOUT_MILLIS))
                    .as("%s resumes after %s: %s", client.account(), loss, connectionHistory(client))
                    .isTrue();
        }
        publish(loss, BEFORE + MEANWHILE, BEFORE + MEANWHILE + AFTER);
        awaitAll(clients, loss, BEFORE + MEANWHILE + AFTER);
        clients.forEach(client -> assertComplete(client, loss));
    }

    private void publish(ConnectionLoss loss, int from, int to) {
        var worlds = suite.worlds();
        var lines = IntStream.range(from, to)
                .mapToObj(number ->
                        EventLines.message(worlds.harbourId(), worlds.channel("general"), content(loss, number)))
                .toList();
        assertThat(suite.publish(lines).accepted()).isEqualTo(to - from);
    }

    private static void awaitAll(List<RecordingClient> clients, ConnectionLoss loss, int count)
            throws InterruptedException {
        for (var client : clients) {
            TestClients.awaitMessage(client, content(loss, count - 1));
        }
    }

    /// Every message of this cut arrived once and in order, sequences have no gap, and the session is the same.
    private static void assertComplete(RecordingClient client, ConnectionLoss loss) {
        var dispatches = client.recording().dispatches();
        assertThat(dispatches.stream()
                        .filter(dispatch -> dispatch.type().equals("MESSAGE_CREATE"))
                        .map(dispatch -> dispatch.body().path("content").asString(""))
                        .filter(content -> content.startsWith(loss + " ")))
                .as("messages of %s", client.account())
                .containsExactlyElementsOf(IntStream.range(0, BEFORE + MEANWHILE + AFTER)
                        .mapToObj(number -> content(loss, number))
                        .toList());
        assertThat(dispatches.stream()
                        .filter(dispatch -> !dispatch.type().equals("RESUMED"))
                        .map(Observation.ReceivedDispatch::sequence))
                .as("sequence numbers of %s", client.account())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, dispatches.getLast().sequence())
                                .boxed()
                                .toList());
        assertThat(client.recording().observations())
                .as("op 9 to %s", client.account())
                .noneMatch(Observation.InvalidSession.class::isInstance);
        assertThat(client.recording().count(entry -> TestClients.isDispatch(entry, "READY")))
                .as("sessions of %s", client.account())
                .isEqualTo(1);
    }

    private static int resumes(RecordingClient client) {
        return (int) client.recording().count(entry -> TestClients.isDispatch(entry, "RESUMED"));
    }

    private static String content(ConnectionLoss loss, int number) {
        return loss + " " + number;
    }

    /// The history of the client's connections.
    private static List<String> connectionHistory(RecordingClient client) {
        return client.recording().observations().stream()
                .filter(entry -> !(entry instanceof Observation.ReceivedDispatch dispatch)
                        || dispatch.type().startsWith("RE"))
                .map(entry ->
                        entry instanceof Observation.ReceivedDispatch dispatch ? dispatch.type() : entry.toString())
                .toList();
    }
}
