package dev.guildcast.voice.signaling;

import dev.guildcast.contract.SessionId;
import dev.guildcast.shard.testing.ManualClock;
import dev.guildcast.voice.VoiceProperties;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.assignment.FaultyVoiceAssignmentStore;
import dev.guildcast.voice.assignment.VoiceAssignmentStore;
import dev.guildcast.voice.call.VoiceGatewayProperties;
import dev.guildcast.voice.event.VoicePublisher;
import dev.guildcast.voice.loop.VoiceLoop;
import dev.guildcast.voice.permission.GuildVoiceQuery;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.ServerReport;
import dev.guildcast.voice.v1.UpdateStateRequest;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import dev.guildcast.voice.v1.VoiceSessionRef;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// One voice signaling instance with a clock, guilds, a store and a log controlled by the test, and one server,
/// `media-1`. Everything runs on the thread of the test.
abstract class VoiceFixture {
    static final long G1 = 197038439483310086L;
    static final long A = 100000000000000001L;
    static final long B = 100000000000000002L;
    static final long CHANNEL = 300000000000000002L;
    static final long OTHER = 300000000000000003L;
    static final String SID = new SessionId(2, 4711, 99).text();
    static final String SID2 = new SessionId(2, 4800, 98).text();
    static final String SID_B = new SessionId(1, 5, 97).text();
    static final String KEY = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);

    static final VoiceGatewayProperties GATEWAY = new VoiceGatewayProperties(
            "",
            0,
            "gateway.example:443",
            "",
            KEY,
            Duration.ofMillis(13_750),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            100,
            120,
            DataSize.ofKilobytes(256),
            DataSize.ofKilobytes(64));

    final ManualClock clock = new ManualClock();
    final ManualClock wallClock = new ManualClock();
    final FaultyVoiceAssignmentStore store = new FaultyVoiceAssignmentStore(clock);
    final FakeGuilds guilds = new FakeGuilds();
    final List<String> published = new ArrayList<>();
    final Map<String, String> tokens = new HashMap<>();
    final Map<String, List<ServerOrder>> commands = new HashMap<>();
    private final Map<String, String> regions = Map.of("media-eu", "eu", "media-us", "us", "media-3", "elsewhere");
    boolean appendFails;
    Mono<Void> beforeAppend = Mono.empty();
    VoiceSignalingConfiguration.VoiceComponents voice = start();

    @BeforeEach
    void registerAServer() {
        hello("media-1", "local");
        report("media-1", 0.1);
    }

    VoiceSignalingConfiguration.VoiceComponents start() {
        return assemble(clock, wallClock, guilds, store, new RecordingPublisher());
    }

    static VoiceSignalingConfiguration.VoiceComponents assemble(
            ManualClock clock,
            Clock wallClock,
            GuildVoiceQuery guilds,
            VoiceAssignmentStore store,
            VoicePublisher publisher) {
        var properties = new VoiceProperties(
                VoiceProperties.Store.MEMORY,
                Duration.ofSeconds(6),
                Duration.ofSeconds(2),
                "local",
                0.01,
                Duration.ofMinutes(5),
                Duration.ofHours(1),
                1000);
        return VoiceSignalingConfiguration.VoiceComponents.assemble(
                new VoiceLoop(wallClock, clock::nanoTime, Schedulers.immediate()),
                new VoiceSignalingConfiguration.Settings(properties, GATEWAY),
                guilds,
                store,
                publisher,
                new SimpleMeterRegistry());
    }

    Verdict join(long user, String session, long channel) {
        return update(request(user, session, channel));
    }

    Verdict mute(long user, String session, long channel) {
        return update(
                request(user, session, channel).toBuilder().setSelfMute(true).build());
    }

    Verdict leave(long user, String session) {
        return update(request(user, session, 0));
    }

    Verdict update(UpdateStateRequest request) {
        return voice.signaling().updateState(request).blockOptional().orElseThrow();
    }

    static UpdateStateRequest request(long user, String session, long channel) {
        return UpdateStateRequest.newBuilder()
                .setGuildId(G1)
                .setUserId(user)
                .setSessionId(session)
                .setChannelId(channel)
                .build();
    }

    void hello(String id, String region) {
        voice.serverMonitor()
                .offerHello(
                        server(id, region),
                        command -> commands.computeIfAbsent(id, i -> new ArrayList<>())
                                .add(command))
                .block();
    }

    void report(String id, double load, VoiceSessionRef... sessions) {
        report(
                id,
                ServerReport.newBuilder()
                        .setLoad(load)
                        .addAllSessions(List.of(sessions))
                        .build());
    }

    void drain(String id) {
        report(id, ServerReport.newBuilder().setLoad(0.1).setDraining(true).build());
    }

    void report(String id, ServerReport report) {
        voice.serverMonitor()
                .offerReport(
                        server(id, regions.getOrDefault(id, "local")),
                        command -> commands.computeIfAbsent(id, i -> new ArrayList<>())
                                .add(command),
                        report)
                .block();
    }

    /// Lets time pass in which only these servers report.
    void elapse(Duration time, String... reporting) {
        for (long millis = 0; millis < time.toMillis(); millis += 500) {
            clock.advance(Duration.ofMillis(500));
            for (String id : reporting) {
                report(id, 0.9);
            }
            voice.mediaServers().onTick();
            voice.serverMonitor().onTick();
            voice.gateway().onTick();
        }
    }

    static VoiceServer server(String id, String region) {
        return new VoiceServer(id, region, id + ":443", KEY);
    }

    static VoiceSessionRef ref(long user, String session) {
        return VoiceSessionRef.newBuilder()
                .setGuildId(G1)
                .setUserId(user)
                .setSessionId(session)
                .build();
    }

    ServerOrder lastCommand(String id) {
        return commands.get(id).getLast();
    }

    static String name(String session) {
        return session.equals(SID) ? "A" : session.equals(SID2) ? "A2" : "B";
    }

    record UserVoiceView(long channel, String session) {}

    static final class FakeGuilds implements GuildVoiceQuery {
        final Map<Long, UserVoiceView> views = new HashMap<>();
        JoinVerdict verdict = JoinVerdict.ALLOWED;
        String region = "";
        boolean serverMute;
        boolean unavailable;

        @Override
        public Mono<Admission> checkJoin(long guild, long channel, long user) {
            if (unavailable) {
                return Mono.error(new IllegalStateException("the owner is unavailable"));
            }
            UserVoiceView view = views.getOrDefault(user, new UserVoiceView(0, ""));
            String member = "{\"user\":{\"id\":\"" + user + "\"},\"joined_at\":\"2020-01-01T00:00:00Z\"}";
            return Mono.just(new Admission(
                    channel == 0 ? JoinVerdict.NO_SUCH_CHANNEL : verdict,
                    member,
                    view.channel,
                    view.session,
                    serverMute,
                    false,
                    region));
        }

        @Override
        public Mono<Admission> checkJoinAtLogEnd(long guild, long channel, long user) {
            return checkJoin(guild, channel, user);
        }
    }

    private final class RecordingPublisher implements VoicePublisher {
        @Override
        public Mono<Void> publishState(VoiceState state) {
            return append("state " + name(state.sessionId())
                    + (state.channel() == 0 ? " left" : state.channel() == CHANNEL ? " CHANNEL" : " OTHER")
                    + (state.selfMute() ? " muted" : ""));
        }

        @Override
        public Mono<Void> publishServer(long guild, SessionId session, String token, Optional<String> endpoint) {
            tokens.put(session.text(), token);
            return append("server " + name(session.text()) + " " + endpoint.orElse("gone"));
        }

        private Mono<Void> append(String event) {
            return Mono.defer(() -> appendFails
                    ? Mono.error(new IllegalStateException("no broker"))
                    : beforeAppend.then(Mono.fromRunnable(() -> published.add(event))));
        }
    }
}
