package dev.guildcast.demo;

import dev.guildcast.suite.local.LocalSuite;
import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.process.ServiceState;
import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.world.World;
import dev.guildcast.witness.Account;
import dev.guildcast.witness.Intent;
import dev.guildcast.witness.client.RawClient;
import dev.guildcast.witness.client.VoiceClient;
import dev.guildcast.witness.client.VoiceMediaSocket.Sound;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Two people of the small world talk in its voice channel; the voice server that carries them is killed meanwhile.
///
/// - **Owner:** one thread.
public final class VoiceDemoRun implements AutoCloseable {
    /// A voice channel, as the type of a channel.
    private static final int VOICE_CHANNEL = 2;
    /// A second of sound each way shows that a call stands.
    private static final int ENOUGH_SOUNDS = 50;
    /// Includes the login of the clients, on a machine that runs a whole suite.
    private static final Duration HEARD_WITHIN = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 10;
    private static final double SECOND = 1e9;

    private final LocalSuite suite;
    private final Consumer<String> console;
    private final List<VoiceClient> clients;
    private final List<String> events = new ArrayList<>();

    /// What a kill cost.
    ///
    /// @param killed id of the server
    /// @param gaps the longest time in which each client heard nothing
    public record Outcome(String killed, List<Duration> gaps) {}

    /// @param suite ready, with the small world and two voice servers
    public VoiceDemoRun(LocalSuite suite, SuiteFolder folder, Consumer<String> console) throws IOException {
        this.suite = suite;
        this.console = console;
        var world = World.read(Optional.empty());
        var guild = world.guilds().getFirst();
        String channel = world.document(guild).path("channels").values().stream()
                .filter(each -> each.path("type").asInt(-1) == VOICE_CHANNEL)
                .map(each -> each.path("id").asString(""))
                .findFirst()
                .orElseThrow();
        var tls = trusting(folder);
        this.clients = Stream.of("ada", "ben")
                .map(name -> new VoiceClient(
                        new RawClient(
                                account(world, name), URI.create(suite.status().gateway()), false),
                        tls,
                        Long.toUnsignedString(guild.id()),
                        channel))
                .toList();
    }

    /// Lets both join and waits until they hear each other.
    ///
    /// @throws IllegalStateException if they do not; the message is for the user
    public void connect() throws InterruptedException {
        clients.forEach(VoiceClient::start);
        await(
                "ada and ben do not hear each other",
                () -> clients.stream().allMatch(client -> client.heard().size() >= ENOUGH_SOUNDS));
        console.accept("ada and ben hear each other through " + server());
    }

    /// Kills the server that carries the call, and waits until both hear each other again.
    ///
    /// @throws IllegalStateException if they do not; the message is for the user
    public Outcome killServer() throws InterruptedException {
        String server = server();
        var sessions = clients.stream().map(VoiceClient::sessions).toList();
        long killedNanos = System.nanoTime();
        events.add(String.format(Locale.ROOT, "%.3f suite: %s is killed", killedNanos / SECOND, server));
        if (!suite.kill(server)) {
            throw new IllegalStateException(server + " has no process to kill");
        }
        await("ada and ben do not hear each other after the loss of " + server, () -> {
            boolean back = true;
            for (int i = 0; i < clients.size(); i++) {
                back &= clients.get(i).sessions() > sessions.get(i)
                        && soundsAfter(clients.get(i), clients.get(i).lastSessionNanos()) >= ENOUGH_SOUNDS;
            }
            return back;
        });
        var gaps = clients.stream()
                .map(client -> longestGap(client.heard(), killedNanos))
                .toList();
        return new Outcome(server, gaps);
    }

    /// Waits until so many voice servers are ready again.
    void awaitServers(int count) throws InterruptedException {
        await(
                "a killed voice server has not come back",
                () -> suite.status().services().stream()
                                .filter(instance -> instance.name().equals(SuitePlan.VOICE_SERVER))
                                .filter(instance -> instance.state().equals(ServiceState.READY.label()))
                                .count()
                        == count);
    }

    /// What happened to the clients, for a failure.
    public List<String> log() {
        var all = new ArrayList<>(events);
        clients.forEach(client -> all.addAll(client.log()));
        all.sort(null);
        return all;
    }

    private String server() {
        int port = clients.getFirst().mediaPort();
        return suite.status().services().stream()
                .filter(instance -> instance.name().equals(SuitePlan.VOICE_SERVER))
                .filter(instance -> instance.ports().getOrDefault("media", 0) == port)
                .map(instance -> instance.id())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no voice server has the port " + port));
    }

    private void await(String failure, BooleanSupplier condition) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + HEARD_WITHIN.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new IllegalStateException(
                        failure + " within " + HEARD_WITHIN.toSeconds() + " s:\n" + String.join("\n", log()));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static long soundsAfter(VoiceClient client, long nanos) {
        return client.heard().stream()
                .filter(sound -> sound.atNanos() - nanos > 0)
                .count();
    }

    /// From the last sound before this time on.
    static Duration longestGap(List<Sound> heard, long fromNanos) {
        long longest = 0;
        long previous = 0;
        for (Sound sound : heard) {
            if (previous != 0 && sound.atNanos() - fromNanos > 0) {
                longest = Math.max(longest, sound.atNanos() - previous);
            }
            previous = sound.atNanos();
        }
        return Duration.ofNanos(longest);
    }

    private static Account account(World world, String name) {
        return world.tokens().properties().stream()
                .filter(entry -> entry.getValue()
                        .path("user")
                        .path("username")
                        .asString("")
                        .equals(name))
                .map(entry -> new Account(
                        name,
                        entry.getKey(),
                        entry.getValue().path("user").path("id").asString(""),
                        Intent.of(Intent.GUILDS, Intent.GUILD_VOICE_STATES)))
                .findFirst()
                .orElseThrow();
    }

    private static SSLContext trusting(SuiteFolder folder) throws IOException {
        try (var pem = Files.newInputStream(folder.voiceCertificate())) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "voice-gateway", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate " + folder.voiceCertificate() + " cannot be used", e);
        }
    }

    @Override
    public void close() {
        clients.forEach(VoiceClient::close);
    }
}
