package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.SessionId;
import dev.guildcast.event.v1.ChannelGone;
import dev.guildcast.event.v1.DocumentEnd;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildGone;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.MemberGone;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.VoiceStateUpsert;
import dev.guildcast.shard.testing.ManualClock;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.assignment.FaultyVoiceAssignmentStore;
import dev.guildcast.voice.event.VoicePublisher;
import dev.guildcast.voice.permission.GuildVoiceQuery;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.UpdateStateRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class BackendChangeHandlerTest {
    private static final long G1 = 197038439483310086L;
    private static final long A = 100000000000000001L;
    private static final long B = 100000000000000002L;
    private static final long CHANNEL = 300000000000000002L;
    private static final long OTHER = 300000000000000003L;
    private static final String KEY = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);

    private final ManualClock clock = new ManualClock();
    private final FaultyVoiceAssignmentStore store = new FaultyVoiceAssignmentStore(clock);
    private final FakeGuilds guilds = new FakeGuilds();
    private final List<String> published = new ArrayList<>();
    private final List<ServerOrder> commands = new ArrayList<>();
    private boolean appendFails;
    private VoiceSignalingConfiguration.VoiceComponents voice = start();

    @BeforeEach
    void twoAreInVoice() {
        voice.serverMonitor()
                .offerHello(new VoiceServer("media-1", "local", "media-1:443", KEY), commands::add)
                .block();
        join(A);
        join(B);
        published.clear();
        commands.clear();
    }

    @Test
    void sendsANewTokenToAUserMovedByAModerator() {
        guilds.channels.put(A, OTHER);
        changed(A, OTHER);
        assertThat(published).containsExactly("server of " + A);
        assertThat(commands).hasSize(2);
        assertThat(commands.getFirst().getDrop().getUserId()).isEqualTo(A);
        assertThat(commands.getLast().getExpect().getChannelId()).isEqualTo(OTHER);
        published.clear();
        changed(A, OTHER);
        assertThat(published).as("the same again").isEmpty();
    }

    @Test
    void dropsAUserDisconnectedByAModeratorWithoutPublishingAgain() {
        guilds.channels.put(A, 0L);
        changed(A, 0);
        assertThat(published).isEmpty();
        assertThat(commands).hasSize(1).allMatch(ServerOrder::hasDrop);
        voice.signaling().onSessionClosed(A, session(A)).block();
        assertThat(published).as("a session that ends later").isEmpty();
    }

    @Test
    void followsTheGuildsViewAndNotTheRecord() {
        // The shard rejected the record, or recognized it as a duplicate, or an op 4 followed it.
        changed(A, OTHER);
        changed(A, 0);
        assertThat(published).isEmpty();
        assertThat(commands).isEmpty();
    }

    @Test
    void removesAStateThatAnotherSessionHolds() {
        guilds.session = "elsewhere";
        changed(A, CHANNEL);
        assertThat(published).isEmpty();
        assertThat(commands).hasSize(1).allMatch(ServerOrder::hasDrop);
    }

    @Test
    void keepsAUserMovedWithoutASessionId() {
        guilds.session = "";
        guilds.channels.put(A, OTHER);
        changed(A, OTHER);
        assertThat(published).containsExactly("server of " + A);
    }

    @Test
    void dropsAMemberWhoLeftTheGuild() {
        guilds.channels.put(A, 0L);
        change(Mutation.newBuilder().setMemberGone(MemberGone.newBuilder().setUserId(A)));
        assertThat(published).isEmpty();
        assertThat(commands).hasSize(1).allMatch(ServerOrder::hasDrop);
    }

    @Test
    void publishesLeaveForUsersOfADeletedChannel() {
        guilds.verdict = GuildVoiceQuery.JoinVerdict.NO_SUCH_CHANNEL;
        change(Mutation.newBuilder().setChannelGone(ChannelGone.newBuilder().setId(OTHER)));
        assertThat(published).isEmpty();
        change(Mutation.newBuilder().setChannelGone(ChannelGone.newBuilder().setId(CHANNEL)));
        assertThat(published).containsExactly("left " + A, "left " + B);
        assertThat(commands).hasSize(2).allMatch(ServerOrder::hasDrop);
    }

    @Test
    void dropsEverybodyInADeletedGuild() {
        guilds.verdict = GuildVoiceQuery.JoinVerdict.NOT_A_MEMBER;
        guilds.channels.put(A, 0L);
        guilds.channels.put(B, 0L);
        change(Mutation.newBuilder().setGuildGone(GuildGone.getDefaultInstance()));
        assertThat(published).as("the guild has no log readers any more").isEmpty();
        assertThat(commands).hasSize(2).allMatch(ServerOrder::hasDrop);
        assertThat(store.load(G1).block().states()).isEmpty();
    }

    @Test
    void rechecksAllUsersAfterAGuildSnapshot() {
        guilds.channels.put(B, 0L);
        voice.backendChanges()
                .onRecord(GuildRecord.newBuilder()
                        .setDocumentEnd(DocumentEnd.newBuilder().setGuildId(G1))
                        .build())
                .block();
        assertThat(commands).hasSize(1);
        assertThat(commands.getFirst().getDrop().getUserId()).isEqualTo(B);
    }

    @Test
    void ignoresItsOwnRecords() {
        guilds.unavailable = true;
        voice.backendChanges()
                .onRecord(GuildRecord.newBuilder()
                        .setEvent(event(Mutation.newBuilder().setVoiceState(upsert(A, OTHER)))
                                .setPublication(Publication.newBuilder().setPublisher("voice/a-node")))
                        .build())
                .block();
        assertThat(published).isEmpty();
    }

    @Test
    void canBeRetriedAfterTheOwnerOrTheLogFailed() {
        guilds.channels.put(A, OTHER);
        guilds.unavailable = true;
        assertThatThrownBy(() -> changed(A, OTHER)).hasMessageContaining("unavailable");
        guilds.unavailable = false;
        appendFails = true;
        assertThatThrownBy(() -> changed(A, OTHER)).hasMessageContaining("no broker");
        appendFails = false;
        changed(A, OTHER);
        assertThat(published).containsExactly("server of " + A);
    }

    @Test
    void restoresTheRosterFromTheStoreAfterARestart() {
        voice = start();
        guilds.channels.put(A, 0L);
        changed(A, 0);
        assertThat(store.load(G1).block().states()).extracting(VoiceState::user).containsExactly(B);
    }

    private void join(long user) {
        guilds.channels.put(user, CHANNEL);
        voice.signaling()
                .updateState(UpdateStateRequest.newBuilder()
                        .setGuildId(G1)
                        .setUserId(user)
                        .setSessionId(session(user))
                        .setChannelId(CHANNEL)
                        .build())
                .block();
    }

    private void changed(long user, long channel) {
        change(Mutation.newBuilder().setVoiceState(upsert(user, channel)));
    }

    private void change(Mutation.Builder mutation) {
        voice.backendChanges()
                .onRecord(GuildRecord.newBuilder().setEvent(event(mutation)).build())
                .block();
    }

    private static GuildEvent.Builder event(Mutation.Builder mutation) {
        return GuildEvent.newBuilder().setGuildId(G1).setMutation(mutation);
    }

    private static VoiceStateUpsert.Builder upsert(long user, long channel) {
        return VoiceStateUpsert.newBuilder().setUserId(user).setChannelId(channel);
    }

    private static String session(long user) {
        return new SessionId(2, user % 10, 99).text();
    }

    private VoiceSignalingConfiguration.VoiceComponents start() {
        return VoiceFixture.assemble(clock, clock, guilds, store, new RecordingPublisher());
    }

    private static final class FakeGuilds implements GuildVoiceQuery {
        private final Map<Long, Long> channels = new HashMap<>();
        private String session = "of the user";
        private JoinVerdict verdict = JoinVerdict.ALLOWED;
        private boolean unavailable;

        @Override
        public Mono<Admission> checkJoin(long guild, long channel, long user) {
            String held = session.equals("of the user") ? session(user) : session;
            String member = "{\"user\":{\"id\":\"" + user + "\"},\"joined_at\":\"2020-01-01T00:00:00Z\"}";
            return unavailable
                    ? Mono.error(new IllegalStateException("the owner is unavailable"))
                    : Mono.just(new Admission(verdict, member, channels.get(user), held, false, false, ""));
        }

        @Override
        public Mono<Admission> checkJoinAtLogEnd(long guild, long channel, long user) {
            return checkJoin(guild, channel, user);
        }

        private static String session(long user) {
            return BackendChangeHandlerTest.session(user);
        }
    }

    private final class RecordingPublisher implements VoicePublisher {
        @Override
        public Mono<Void> publishState(VoiceState state) {
            return append((state.channel() == 0 ? "left " : "state of ") + state.user());
        }

        @Override
        public Mono<Void> publishServer(long guild, SessionId session, String token, Optional<String> endpoint) {
            return append("server of " + (session.text().equals(session(A)) ? A : B));
        }

        private Mono<Void> append(String event) {
            return appendFails
                    ? Mono.error(new IllegalStateException("no broker"))
                    : Mono.fromRunnable(() -> published.add(event));
        }
    }
}
