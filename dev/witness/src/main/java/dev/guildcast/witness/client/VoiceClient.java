package dev.guildcast.witness.client;

import dev.guildcast.witness.Observation;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A user in a voice channel: joins by its main session, follows each server update with another voice session, speaks
/// a numbered packet every 20 ms and records what it hears. It does what libraries do, and nothing that a person would
/// have to click for.
///
/// - **Owner:** one thread of its own for signaling and speaking; one receives while a voice session lives.
/// - **Bound:** one voice session; what is heard is kept in memory until the end.
public final class VoiceClient implements AutoCloseable {
    private static final int VERSION = 8;
    private static final long FRAME_MILLIS = 20;
    private static final Duration RECEIVE_WITHIN = Duration.ofMillis(500);
    private static final int SESSION_INVALID = 4006;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RawClient gateway;
    private final HttpClient http;
    private final String guild;
    private final String channel;
    private final List<VoiceMediaSocket.Sound> heard = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread;
    private @Nullable VoiceSessionSocket current;
    private String sessionId = "";
    private long number;
    private volatile int descriptions;
    private volatile long describedNanos;
    private volatile int mediaPort;

    /// @param gateway not started; its account has the intent for voice states
    /// @param tls trusts the certificate of the voice gateway
    public VoiceClient(RawClient gateway, SSLContext tls, String guild, String channel) {
        this.gateway = gateway;
        this.http = HttpClient.newBuilder().sslContext(tls).build();
        this.guild = guild;
        this.channel = channel;
        this.thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .daemon()
                .name("voice-" + gateway.account().name())
                .factory());
        gateway.setDispatchListener(dispatch -> runLater(() -> onDispatch(dispatch)));
    }

    /// Logs in; joins as soon as it has its guild.
    public void start() {
        gateway.start();
        var unused = thread.scheduleAtFixedRate(this::speak, FRAME_MILLIS, FRAME_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// In the order of arrival.
    public List<VoiceMediaSocket.Sound> heard() {
        return heard;
    }

    /// What happened, for a failed test.
    public List<String> log() {
        return log;
    }

    /// How many voice sessions have had their key so far.
    public int sessions() {
        return descriptions;
    }

    /// When the last one had its key, by [System#nanoTime].
    public long lastSessionNanos() {
        return describedNanos;
    }

    /// Where the last one sends its media.
    public int mediaPort() {
        return mediaPort;
    }

    public void leave() {
        gateway.updateVoiceState(guild, null);
    }

    private void onDispatch(Observation.ReceivedDispatch dispatch) {
        JsonNode d = dispatch.body();
        switch (dispatch.type()) {
            case "GUILD_CREATE" -> {
                if (d.path("id").asString("").equals(guild)) {
                    gateway.updateVoiceState(guild, channel);
                }
            }
            case "VOICE_STATE_UPDATE" -> {
                if (d.path("user_id").asString("").equals(gateway.account().userId())) {
                    sessionId = d.path("session_id").asString("");
                }
            }
            case "VOICE_SERVER_UPDATE" -> {
                note("server update, endpoint " + d.path("endpoint"));
                end();
                if (d.path("endpoint").isString()) {
                    current = new VoiceSessionSocket(d.path("token").asString(""));
                    current.open(d.path("endpoint").asString(""));
                }
            }
            default -> {}
        }
    }

    private void speak() {
        try {
            if (current != null && current.media != null) {
                current.media.send(number++);
            }
        } catch (IOException closed) {
            note("a packet was not sent: " + closed.getMessage());
        }
    }

    private void end() {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    private void runLater(Runnable work) {
        if (!thread.isShutdown()) {
            thread.execute(work);
        }
    }

    private void note(String what) {
        log.add(String.format(
                Locale.ROOT,
                "%.3f %s: %s",
                System.nanoTime() / 1e9,
                gateway.account().name(),
                what));
    }

    @Override
    public void close() {
        runLater(this::end);
        thread.shutdown();
        gateway.close();
        http.shutdownNow();
    }

    /// One voice session: of the client's thread.
    private final class VoiceSessionSocket implements RawSocket.SocketListener {
        private final String token;
        private @Nullable RawSocket socket;
        private @Nullable ScheduledFuture<?> heartbeats;
        private @Nullable DatagramSocket discovered;
        private @Nullable InetSocketAddress server;
        private @Nullable VoiceMediaSocket media;
        private int ssrc;
        private int sequence = -1;
        private boolean closed;

        VoiceSessionSocket(String token) {
            this.token = token;
        }

        void open(String endpoint) {
            RawSocket.open(http, URI.create("wss://" + endpoint + "/?v=" + VERSION), false, this)
                    .exceptionally(failure -> {
                        note("the voice gateway cannot be reached: " + failure);
                        return null;
                    });
        }

        @Override
        public void onOpen(RawSocket open) {
            runLater(() -> {
                socket = open;
                ObjectNode frame = JSON.createObjectNode().put("op", 0);
                frame.putObject("d")
                        .put("server_id", guild)
                        .put("user_id", gateway.account().userId())
                        .put("session_id", sessionId)
                        .put("token", token);
                send(frame);
            });
        }

        @Override
        public void onText(String json) {
            runLater(() -> onMessage(JSON.readTree(json)));
        }

        @Override
        public void onEnd(int code, boolean byClient) {
            runLater(() -> {
                note("voice socket closed with " + code + (byClient ? " by this client" : ""));
                if (!closed && code == SESSION_INVALID) {
                    gateway.updateVoiceState(guild, channel);
                }
                close();
            });
        }

        private void onMessage(JsonNode message) {
            JsonNode d = message.path("d");
            sequence = message.path("seq").asInt(sequence);
            if (closed) {
                return;
            }
            try {
                switch (message.path("op").asInt(-1)) {
                    case 2 -> onReady(d);
                    case 4 -> onDescription(d);
                    case 8 -> {
                        long interval = d.path("heartbeat_interval").asLong(5000);
                        heartbeats = thread.scheduleAtFixedRate(this::beat, interval, interval, TimeUnit.MILLISECONDS);
                    }
                    default -> {}
                }
            } catch (IOException e) {
                note("media failed: " + e.getMessage());
            }
        }

        private void onReady(JsonNode d) throws IOException {
            ssrc = (int) d.path("ssrc").asLong();
            var address = new InetSocketAddress(
                    InetAddress.getByName(d.path("ip").asString("")),
                    d.path("port").asInt());
            server = address;
            discovered = VoiceMediaSocket.discover(address, ssrc);
            ObjectNode frame = JSON.createObjectNode().put("op", 1);
            frame.putObject("d")
                    .put("protocol", "udp")
                    .putObject("data")
                    .put("address", address.getHostString())
                    .put("port", discovered.getLocalPort())
                    .put("mode", VoiceMediaSocket.MODE);
            send(frame);
        }

        private void onDescription(JsonNode d) throws IOException {
            var key = new byte[d.path("secret_key").size()];
            for (int i = 0; i < key.length; i++) {
                key[i] = (byte) d.path("secret_key").path(i).asInt();
            }
            if (discovered == null || server == null) {
                return;
            }
            var opened = VoiceMediaSocket.open(discovered, server, ssrc, key);
            media = opened;
            mediaPort = server.getPort();
            describedNanos = System.nanoTime();
            descriptions++;
            note("voice session on " + server);
            Thread.ofPlatform().daemon().name("voice-receive").start(() -> receive(opened));
            ObjectNode frame = JSON.createObjectNode().put("op", 5);
            frame.putObject("d").put("speaking", 1).put("delay", 0).put("ssrc", Integer.toUnsignedLong(ssrc));
            send(frame);
        }

        private void receive(VoiceMediaSocket from) {
            try {
                while (true) {
                    from.receive(RECEIVE_WITHIN).ifPresent(heard::add);
                }
            } catch (IOException closedSocket) {
                // The session has ended.
            }
        }

        private void beat() {
            ObjectNode frame = JSON.createObjectNode().put("op", 3);
            frame.putObject("d").put("t", System.nanoTime()).put("seq_ack", sequence);
            send(frame);
        }

        private void send(ObjectNode frame) {
            if (socket != null) {
                socket.send(frame.toString());
            }
        }

        void close() {
            closed = true;
            if (heartbeats != null) {
                heartbeats.cancel(false);
            }
            if (media != null) {
                media.close();
                media = null;
            }
            if (discovered != null) {
                discovered.close();
            }
            if (socket != null) {
                socket.close(1000);
                socket = null;
            }
        }
    }
}
