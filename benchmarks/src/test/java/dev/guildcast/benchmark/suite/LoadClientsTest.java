package dev.guildcast.benchmark.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadClientsTest {
    private static final String HELLO = "{\"op\":10,\"d\":{\"heartbeat_interval\":41250}}";
    private static final String GUILD = "{\"t\":\"GUILD_CREATE\",\"s\":2,\"op\":0,\"d\":{}}";

    private final List<Long> dues = new CopyOnWriteArrayList<>();
    private ScriptedServer server;
    private LoadClients clients;

    @BeforeEach
    void open() throws IOException {
        server = new ScriptedServer();
        clients = new LoadClients(dues::add);
    }

    @AfterEach
    void close() throws IOException {
        clients.close();
        server.close();
    }

    @Test
    void identifiesWithTheTokenInAMaskedFrame() throws Exception {
        try (var peer = connect("bot.one")) {
            assertThat(peer.request()).startsWith("GET /?v=10&encoding=json HTTP/1.1\r\n");
            assertThat(peer.identify())
                    .isEqualTo("{\"op\":2,\"d\":{\"token\":\"bot.one\",\"intents\":33281,"
                            + "\"properties\":{\"os\":\"\",\"browser\":\"\",\"device\":\"\"}}}");
            assertThat(clients.firstEndReason()).isNull();
        }
    }

    @Test
    void reportsEveryMessageOnceHoweverTheBytesAreSplit() throws Exception {
        try (var peer = connect("bot")) {
            var bytes = new ByteArrayOutputStream();
            bytes.write(ScriptedServer.frame(1, message(11, 10)));
            bytes.write(ScriptedServer.frame(1, message(12, 300)));
            bytes.write(ScriptedServer.frame(1, "{\"op\":11}"));
            bytes.write(ScriptedServer.frame(1, message(13, 70_000)));
            bytes.write(ScriptedServer.frame(1, message(-14, 0)));
            byte[] all = bytes.toByteArray();
            // Within a header of each kind, within the marker, within the number.
            int from = 0;
            for (int to :
                    new int[] {1, 2, 20, 34, 35, 62, 63, 64, 200, 420, 421, 422, 423, 424, 428, 40_000, all.length}) {
                peer.write(Arrays.copyOfRange(all, from, to));
                TimeUnit.MILLISECONDS.sleep(20);
                from = to;
            }
            await(() -> clients.received() == 4);
            assertThat(dues).containsExactly(11L, 12L, 13L, -14L);
            peer.write(all);
            await(() -> clients.received() == 8);
            assertThat(dues).hasSize(8);
            for (byte one : Arrays.copyOf(all, 420)) {
                peer.write(new byte[] {one});
                TimeUnit.MILLISECONDS.sleep(1);
            }
            await(() -> clients.received() == 10);
            assertThat(dues).hasSize(10).endsWith(11L, 12L);
            assertThat(clients.firstEndReason()).isNull();
        }
    }

    @Test
    void acceptsAFrameOfTheGreatestLengthAndRejectsALongerOne() throws Exception {
        try (var peer = connect("bot")) {
            int around = message(1, 0).length();
            peer.write(ScriptedServer.frame(1, message(1, ServerFrames.FRAME_BYTES_MAX - around)));
            peer.write(ScriptedServer.frame(1, message(2, ServerFrames.FRAME_BYTES_MAX - around)));
            await(() -> clients.received() == 2);
            peer.write(ScriptedServer.header(1, ServerFrames.FRAME_BYTES_MAX + 1));
            await(() -> clients.firstEndReason() != null);
            assertThat(clients.firstEndReason())
                    .isEqualTo("bot: a frame of 1048577 bytes, of which 1048576 are allowed");
            assertThat(peer.closed()).isTrue();
        }
    }

    @Test
    void answersAPingWithItsPayload() throws Exception {
        try (var peer = connect("bot")) {
            peer.write(ScriptedServer.frame(9, "still there?"));
            assertThat(peer.read(10)).isEqualTo("still there?");
        }
    }

    @Test
    void aCloseFrameIsAnsweredAndItsCodeIsTheReason() throws Exception {
        try (var first = connect("bot.one");
                var second = connect("bot.two")) {
            second.write(ScriptedServer.frame(8, (char) (4000 >> 8) + "" + (char) (4000 & 0xff) + "why"));
            await(() -> clients.firstEndReason() != null);
            assertThat(clients.firstEndReason()).isEqualTo("bot.two: closed with 4000");
            assertThat(second.read(8)).hasSize(2);
            assertThat(second.closed()).isTrue();
            first.write(ScriptedServer.frame(1, message(5, 0)));
            await(() -> clients.received() == 1);
        }
    }

    @Test
    void anEndOfTheStreamAndAFragmentEndTheConnection() throws Exception {
        var first = connect("bot.one");
        first.close();
        await(() -> clients.firstEndReason() != null);
        assertThat(clients.firstEndReason()).isEqualTo("bot.one: the server ended the stream without a close frame");
        clients.close();
        clients = new LoadClients(dues::add);
        try (var second = connect("bot.two")) {
            second.write(new byte[] {1, 1, 'a'});
            await(() -> clients.firstEndReason() != null);
            assertThat(clients.firstEndReason()).isEqualTo("bot.two: a message in several frames");
        }
    }

    @Test
    void aCallbackThatFailsEndsTheConnection() throws Exception {
        clients.close();
        clients = new LoadClients(due -> {
            throw new IllegalStateException("too late");
        });
        try (var peer = connect("bot")) {
            peer.write(ScriptedServer.frame(1, message(5, 0)));
            await(() -> clients.firstEndReason() != null);
            assertThat(clients.firstEndReason()).isEqualTo("bot: too late");
            assertThat(clients.received()).isZero();
        }
    }

    @Test
    void aRejectedUpgradeIsReportedWithTheToken() {
        Thread.ofVirtual()
                .start(() -> server.rejectUpgrade("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"));
        assertThatThrownBy(() -> clients.add(server.uri(), "bot"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("bot did not receive its guild: no upgrade: HTTP/1.1 503 Service Unavailable");
    }

    @Test
    void closingEndsTheThreadAndTheSockets() throws Exception {
        try (var peer = connect("bot")) {
            clients.close();
            assertThat(peer.closed()).isTrue();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("load-clients");
        }
    }

    private ScriptedServer.Peer connect(String token) throws Exception {
        var accepted = new FutureTask<>(() -> server.accept(HELLO, GUILD));
        Thread.ofVirtual().start(accepted);
        clients.add(server.uri(), token);
        return accepted.get(10, TimeUnit.SECONDS);
    }

    private static String message(long due, int more) {
        return "{\"d\":{\"content\":\"due=" + due + "; " + "x".repeat(more) + "\"}}";
    }

    private static void await(BooleanSupplier reached) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
