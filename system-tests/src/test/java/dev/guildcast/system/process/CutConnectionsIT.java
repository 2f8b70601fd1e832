package dev.guildcast.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.system.process.CutDoor.Cut;
import dev.guildcast.witness.Entry;
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

/// Client libraries as they are lose their connection in each way there is, and get all that was published meanwhile.
@ExtendWith(SharedSuite.class)
@TestInstance(Lifecycle.PER_CLASS)
class CutConnectionsIT {
    private static final int BEFORE = 5;
    private static final int MEANWHILE = 20;
    private static final int AFTER = 5;
    private static final int HARBOUR_AND_OBSERVATORY = 2;

    private ProcessSuite suite;
    private Clients jda;
    private Clients node;

    @BeforeAll
    void logIn(ProcessSuite running) throws InterruptedException {
        suite = running;
        jda = new Clients(suite);
        jda.jda(suite.worlds().login("dan"), true);
        jda.logIn(HARBOUR_AND_OBSERVATORY);
        node = new Clients(suite);
        try {
            node.discordJs(suite.worlds().login("chloe"), NodeFolder.require());
            node.logIn(1);
        } catch (TestAbortedException e) {
            // Node is missing: the test below says so.
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
    void theNodeLibraryTakesPart() {
        NodeFolder.require();
        assertThat(node.all()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostWhenConnectionsAreCut(Cut how) throws InterruptedException {
        var clients = new ArrayList<RecordingClient>(jda.all());
        clients.addAll(node.all());
        var resumed = clients.stream().map(CutConnectionsIT::resumes).toList();
        publish(how, 0, BEFORE);
        awaitAll(clients, how, BEFORE);
        suite.door().shut();
        try {
            assertThat(suite.door().cut(how)).isGreaterThanOrEqualTo(clients.size());
            publish(how, BEFORE, BEFORE + MEANWHILE);
        } finally {
            suite.door().open();
        }
        for (int i = 0; i < clients.size(); i++) {
            var client = clients.get(i);
            assertThat(client.recording()
                            .await(
                                    resumed.get(i) + 1,
                                    entry -> Clients.isDispatch(entry, "RESUMED"),
                                    Clients.WITHIN_MILLIS))
                    .as("%s resumes after %s: %s", client.account(), how, changes(client))
                    .isTrue();
        }
        publish(how, BEFORE + MEANWHILE, BEFORE + MEANWHILE + AFTER);
        awaitAll(clients, how, BEFORE + MEANWHILE + AFTER);
        clients.forEach(client -> assertWhole(client, how));
    }

    private void publish(Cut how, int from, int to) {
        var worlds = suite.worlds();
        var lines = IntStream.range(from, to)
                .mapToObj(number ->
                        EventLines.message(worlds.harbourId(), worlds.channel("general"), content(how, number)))
                .toList();
        assertThat(suite.publish(lines).accepted()).isEqualTo(to - from);
    }

    private static void awaitAll(List<RecordingClient> clients, Cut how, int count) throws InterruptedException {
        for (var client : clients) {
            Clients.awaitMessage(client, content(how, count - 1));
        }
    }

    /// Every message of this cut once and in order, numbers without a gap, and the session that there was.
    private static void assertWhole(RecordingClient client, Cut how) {
        var dispatches = client.recording().dispatches();
        assertThat(dispatches.stream()
                        .filter(dispatch -> dispatch.type().equals("MESSAGE_CREATE"))
                        .map(dispatch -> dispatch.body().path("content").asString(""))
                        .filter(content -> content.startsWith(how + " ")))
                .as("messages of %s", client.account())
                .containsExactlyElementsOf(IntStream.range(0, BEFORE + MEANWHILE + AFTER)
                        .mapToObj(number -> content(how, number))
                        .toList());
        assertThat(dispatches.stream()
                        .filter(dispatch -> !dispatch.type().equals("RESUMED"))
                        .map(Entry.Dispatch::sequence))
                .as("numbers of %s", client.account())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, dispatches.getLast().sequence())
                                .boxed()
                                .toList());
        assertThat(client.recording().entries())
                .as("op 9 to %s", client.account())
                .noneMatch(Entry.InvalidSession.class::isInstance);
        assertThat(client.recording().count(entry -> Clients.isDispatch(entry, "READY")))
                .as("sessions of %s", client.account())
                .isEqualTo(1);
    }

    private static int resumes(RecordingClient client) {
        return (int) client.recording().count(entry -> Clients.isDispatch(entry, "RESUMED"));
    }

    private static String content(Cut how, int number) {
        return how + " " + number;
    }

    /// What happened to the client's connections.
    private static List<String> changes(RecordingClient client) {
        return client.recording().entries().stream()
                .filter(entry -> !(entry instanceof Entry.Dispatch dispatch)
                        || dispatch.type().startsWith("RE"))
                .map(entry -> entry instanceof Entry.Dispatch dispatch ? dispatch.type() : entry.toString())
                .toList();
    }
}
