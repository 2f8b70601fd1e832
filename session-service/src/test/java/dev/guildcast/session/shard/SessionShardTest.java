package dev.guildcast.session.shard;

import static dev.guildcast.session.testing.TestRecords.attached;
import static dev.guildcast.session.testing.TestRecords.close;
import static dev.guildcast.session.testing.TestRecords.deliver;
import static dev.guildcast.session.testing.TestRecords.direct;
import static dev.guildcast.session.testing.TestRecords.group;
import static dev.guildcast.session.testing.TestRecords.joined;
import static dev.guildcast.session.testing.TestRecords.left;
import static dev.guildcast.session.testing.TestRecords.members;
import static dev.guildcast.session.testing.TestRecords.number;
import static dev.guildcast.session.testing.TestRecords.of;
import static dev.guildcast.session.testing.TestRecords.open;
import static dev.guildcast.session.testing.TestRecords.payload;
import static dev.guildcast.session.testing.TestRecords.presence;
import static dev.guildcast.session.testing.TestRecords.self;
import static dev.guildcast.session.testing.TestRecords.sharded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.guildcast.audience.v1.SubscribeReason;
import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.Session;
import dev.guildcast.session.dispatch.DispatchRenderer;
import dev.guildcast.session.testing.TestLog;
import dev.guildcast.session.testing.TestShard;
import dev.guildcast.shard.ShardListener;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SessionShardTest {
    private static final long OWNER = 77;
    private static final long STALE = 66;
    private static final long ALICE = 1001;
    private static final long BOB = 1002;
    private static final Topology TOPOLOGY = new Topology(4, 1, 1, 1);
    // With four client shards these guilds belong to 0, 1 and 2.
    private static final long GUILD = 4L << 22;
    private static final long OTHER = 5L << 22;
    private static final long THIRD = 6L << 22;

    private final TestLog log = new TestLog();
    private final SessionShard machine = new SessionShard(ShardId.session(0), TOPOLOGY, Duration.ofMinutes(5), 16_384);
    private final TestShard shard = new TestShard(log, OWNER, machine, new ShardListener<>() {});

    SessionShardTest() {
        shard.claim();
        shard.run();
    }

    @Test
    void aSessionBeginsWithReadyAndOneSubscribeForEachGuildInOrder() {
        apply(joined(OTHER, ALICE), joined(GUILD, ALICE, BOB));
        var session = opened(1, ALICE);
        assertThat(session.sequence()).isEqualTo(1);
        assertThat(session.readyGuilds()).containsExactly(GUILD, OTHER);
        assertThat(shard.emitted())
                .extracting(each -> each.record().getSubscribe().getGuildId())
                .containsExactly(GUILD, OTHER);
        var subscribe = shard.emitted().getFirst();
        assertThat(subscribe.target()).isEqualTo(TOPOLOGY.guildShard(GUILD));
        assertThat(subscribe.record().getSubscribe().getReason()).isEqualTo(SubscribeReason.READY);
        assertThat(subscribe.record().getSubscribe().getSessionOffset()).isEqualTo(session.offset());
        assertThat(subscribe.record().getSubscribe().getUserId()).isEqualTo(ALICE);
        assertThat(subscribe.record().getSubscribe().getContent()).isTrue();
        assertThat(subscribe.record().getSubscribe().getLargeThreshold()).isEqualTo(50);
    }

    @Test
    void readyNamesTheGuildsOfTheClientShardOnly() {
        apply(joined(GUILD, ALICE), joined(OTHER, ALICE), joined(THIRD, ALICE));
        log.append(of(sharded(open(OWNER, 1, ALICE), new ClientShard(1, 4))));
        shard.run();
        var session = sessionOf(1);
        assertThat(session.readyGuilds()).containsExactly(OTHER);
        assertThat(shard.emitted()).hasSize(1);
        assertThat(text(session.offset(), session))
                .isEqualTo("{\"v\":10,\"user\":{\"id\":\"1001\"},\"guilds\":[{\"id\":\"" + OTHER
                        + "\",\"unavailable\":true}],\"session_id\":\""
                        + session.id().text()
                        + "\",\"session_type\":\"normal\",\"resume_gateway_url\":\"wss://gateway.test\",\"shard\":[1,4],"
                        + "\"application\":{\"id\":\"1001\",\"flags\":4096},\"user_settings\":{},\"private_channels\":[],"
                        + "\"relationships\":[],\"presences\":[],\"guild_join_requests\":[],\"geo_ordered_rtc_regions\":[],"
                        + "\"_trace\":[]}");
    }

    @Test
    void readyStaysTheSameWhenTheUsersGuildsChange() {
        apply(joined(GUILD, ALICE));
        var session = opened(1, ALICE);
        var before = text(session.offset(), session);
        apply(left(GUILD, ALICE), joined(OTHER, ALICE));
        assertThat(text(session.offset(), session)).isEqualTo(before).contains(Long.toString(GUILD));
    }

    @Test
    void readyShowsNeitherShardNorApplicationThatTheClientLacks() {
        log.append(of(open(OWNER, 1, ALICE).setApplicationId(0)));
        shard.run();
        var session = sessionOf(1);
        assertThat(text(session.offset(), session)).doesNotContain("\"shard\"").doesNotContain("\"application\"");
    }

    @Test
    void withoutTheGuildsIntentReadyStillListsAndSubscribes() {
        apply(joined(GUILD, ALICE));
        log.append(of(open(OWNER, 1, ALICE).setIntents(Intents.GUILD_MESSAGES)));
        shard.run();
        assertThat(sessionOf(1).readyGuilds()).containsExactly(GUILD);
        assertThat(shard.emitted()).hasSize(1);
        apply(left(GUILD, ALICE));
        assertThat(sessionOf(1).sequence()).isEqualTo(1);
    }

    @Test
    void aRepeatedIdentifyReturnsTheSameSession() {
        var session = opened(1, ALICE);
        apply(of(open(OWNER, 1, ALICE).setRandom(5)));
        assertThat(sessionOf(1)).isSameAs(session);
        assertThat(machine.sessions().size()).isEqualTo(1);
        apply(close(OWNER, session.offset(), session.offset()), of(open(OWNER, 1, ALICE)));
        assertThat(sessionOf(1).offset()).isNotEqualTo(session.offset());
    }

    @Test
    void commandsOfAFormerOwnerAreVoid() {
        var session = opened(1, ALICE);
        long at = session.offset();
        apply(
                of(open(STALE, 2, BOB)),
                attached(STALE, at, 9),
                close(STALE, at, at),
                self(STALE, number(at, 1, 1)),
                presence(STALE, number(at, 1, 1), "dnd"),
                members(STALE, number(at, 1, 1), GUILD));
        assertThat(machine.sessions().all()).containsExactly(session);
        assertThat(session.attachId()).isEqualTo(1);
        assertThat(session.sequence()).isEqualTo(1);
        assertThat(session.lastCommand()).isZero();
        assertThat(session.presence().getStatus()).isEqualTo("online");
        assertThat(shard.emitted()).isEmpty();
    }

    @Test
    void eachRecipientGetsItsNextSequence() {
        var alice = opened(1, ALICE);
        var bob = opened(2, BOB);
        apply(deliver(GUILD, "MESSAGE_CREATE", "{}", alice.offset(), bob.offset(), 4_000));
        apply(deliver(GUILD, "MESSAGE_CREATE", "{}", bob.offset()));
        assertThat(alice.sequence()).isEqualTo(2);
        assertThat(bob.sequence()).isEqualTo(3);
        assertThat(machine.ring(bob).offset(3)).isEqualTo(shard.position() - 1);
        assertThat(shard.applied().dispatches()).hasSize(1);
    }

    @Test
    void eachGroupIsShownItsOwnPayload() {
        var alice = opened(1, ALICE);
        var bob = opened(2, BOB);
        apply(SessionRecord.newBuilder()
                .setDeliver(Deliver.newBuilder()
                        .setGuildId(GUILD)
                        .addPayloads(payload("MESSAGE_CREATE", "{\"content\":\"hi\"}"))
                        .addPayloads(payload("MESSAGE_CREATE", "{\"content\":\"\"}"))
                        .addGroups(group(0, bob.offset()))
                        .addGroups(group(1, alice.offset())))
                .build());
        assertThat(text(shard.position() - 1, alice)).isEqualTo("{\"content\":\"\"}");
        assertThat(text(shard.position() - 1, bob)).isEqualTo("{\"content\":\"hi\"}");
    }

    @Test
    void aSessionNamedTwiceInARecordGetsOneSequence() {
        var alice = opened(1, ALICE);
        apply(SessionRecord.newBuilder()
                .setDeliver(Deliver.newBuilder()
                        .addPayloads(payload("A", "{}"))
                        .addPayloads(payload("B", "{}"))
                        .addGroups(group(0, alice.offset()))
                        .addGroups(group(1, alice.offset())))
                .build());
        assertThat(alice.sequence()).isEqualTo(2);
    }

    @Test
    void aMalformedDeliverChangesNothing() {
        var alice = opened(1, ALICE);
        var wrong = SessionRecord.newBuilder()
                .setDeliver(Deliver.newBuilder()
                        .addPayloads(payload("A", "{}"))
                        .addGroups(group(0, alice.offset()))
                        .addGroups(group(1, alice.offset() + 1)))
                .build();
        apply(
                wrong,
                SessionRecord.getDefaultInstance(),
                of(open(OWNER, 5, BOB).setShardId(4).setShardCount(4)));
        assertThat(alice.sequence()).isEqualTo(1);
        assertThat(machine.sessions().size()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dev.guildcast.session.dispatch.SessionRecords.validate(wrong));
    }

    @Test
    void aUsersDispatchGoesToEachOfItsSessionsThatWantsIt() {
        var first = opened(1, ALICE);
        log.append(of(open(OWNER, 2, ALICE).setIntents(Intents.GUILDS)));
        log.append(of(sharded(open(OWNER, 3, ALICE), new ClientShard(1, 2))));
        shard.run();
        apply(direct("{}", true, Intents.DIRECT_MESSAGES, ALICE, BOB));
        assertThat(first.sequence()).isEqualTo(2);
        assertThat(sessionOf(2).sequence()).as("lacks the intent").isEqualTo(1);
        assertThat(sessionOf(3).sequence()).as("is not shard 0").isEqualTo(1);
        apply(direct("{}", false, 0, ALICE));
        assertThat(List.of(
                        first.sequence(), sessionOf(2).sequence(), sessionOf(3).sequence()))
                .containsExactly(3, 2, 2);
    }

    @Test
    void joiningAGuildSubscribesEachMatchingSessionOnce() {
        opened(1, ALICE);
        log.append(of(sharded(open(OWNER, 2, ALICE), new ClientShard(1, 4))));
        shard.run();
        apply(joined(GUILD, ALICE), joined(GUILD, ALICE));
        assertThat(shard.emitted()).hasSize(1);
        assertThat(shard.emitted().getFirst().record().getSubscribe().getReason())
                .isEqualTo(SubscribeReason.JOIN);
        assertThat(machine.guilds(ALICE)).containsExactly(GUILD);
    }

    @Test
    void leavingAGuildIsShownAndNeverUnsubscribes() {
        apply(joined(GUILD, ALICE));
        var session = opened(1, ALICE);
        apply(left(GUILD, ALICE, BOB));
        assertThat(session.sequence()).isEqualTo(2);
        var dispatch = DispatchRenderer.render(log.at(shard.position() - 1).record(), session);
        assertThat(dispatch.type()).isEqualTo("GUILD_DELETE");
        assertThat(dispatch.data().toStringUtf8()).isEqualTo("{\"id\":\"" + GUILD + "\"}");
        assertThat(shard.emitted()).hasSize(1);
        apply(joined(GUILD, ALICE));
        assertThat(shard.emitted()).hasSize(2);
        assertThat(shard.emitted()).allMatch(each -> each.record().hasSubscribe());
    }

    @Test
    void leavingAGuildThatTheUserWasNotInShowsNothing() {
        var session = opened(1, ALICE);
        apply(left(GUILD, ALICE));
        assertThat(session.sequence()).isEqualTo(1);
    }

    @Test
    void theEndOfASessionUnsubscribesFromAllItEverSubscribedTo() {
        apply(joined(GUILD, ALICE), joined(OTHER, ALICE));
        var session = opened(1, ALICE);
        apply(left(GUILD, ALICE), close(OWNER, session.offset(), session.offset()));
        assertThat(machine.sessions().size()).isZero();
        assertThat(shard.applied().change())
                .isInstanceOfSatisfying(
                        SessionChange.Closed.class,
                        closed -> assertThat(closed.session()).isSameAs(session));
        assertThat(shard.emitted())
                .filteredOn(each -> each.record().hasUnsubscribe())
                .extracting(each -> each.record().getUnsubscribe().getGuildId())
                .containsExactly(GUILD, OTHER);
        assertThat(machine.guilds(ALICE)).containsExactly(OTHER);
    }

    @Test
    void aCloseIsVoidWhenALaterAttachPrecedesIt() {
        var session = opened(1, ALICE);
        apply(attached(OWNER, session.offset(), 9), close(OWNER, session.offset(), session.offset()));
        assertThat(machine.sessions().all()).containsExactly(session);
        apply(close(OWNER, session.offset(), session.lastAttach()));
        assertThat(machine.sessions().size()).isZero();
    }

    @Test
    void commandsOfAnAttachAreAcceptedInOrderOnceAndCountedAgainForTheNext() {
        var session = opened(1, ALICE);
        long at = session.offset();
        apply(presence(OWNER, number(at, 1, 2), "dnd"));
        assertThat(session.presence().getStatus()).as("a gap").isEqualTo("online");
        apply(presence(OWNER, number(at, 1, 1), "dnd"), presence(OWNER, number(at, 1, 1), "idle"));
        assertThat(session.presence().getStatus()).as("a repeat").isEqualTo("dnd");
        assertThat(session.presenceVersion()).isEqualTo(shard.position() - 2);
        apply(attached(OWNER, at, 9), presence(OWNER, number(at, 1, 2), "idle"));
        assertThat(session.presence().getStatus()).as("of another attach").isEqualTo("dnd");
        apply(presence(OWNER, number(at, 9, 1), "idle"));
        assertThat(session.presence().getStatus()).isEqualTo("idle");
        apply(attached(OWNER, at, 9), presence(OWNER, number(at, 9, 2), "online"));
        assertThat(session.presence().getStatus())
                .as("the same attach goes on counting")
                .isEqualTo("online");
    }

    @Test
    void aMembersRequestGoesToTheGuildsShard() {
        apply(joined(GUILD, ALICE));
        var session = opened(1, ALICE);
        apply(members(OWNER, number(session.offset(), 1, 1), GUILD));
        var emitted = shard.emitted().getLast();
        assertThat(emitted.target()).isEqualTo(TOPOLOGY.guildShard(GUILD));
        assertThat(emitted.record().getMembersRequest().getSessionOffset()).isEqualTo(session.offset());
        assertThat(emitted.record().getMembersRequest().getNonce()).isEqualTo("n");
        assertThat(session.fullMemberRequests()).containsEntry(GUILD, log.nowMillis());
        assertThat(session.sequence()).isEqualTo(1);
    }

    @Test
    void onlyAnsweredMemberRequestsCountAgainstTheLimit() {
        log.append(of(open(OWNER, 1, ALICE).setIntents(Intents.GUILDS)));
        shard.run();
        var unprivileged = sessionOf(1);
        var outsider = opened(2, BOB);
        apply(joined(GUILD, ALICE));
        apply(
                members(OWNER, number(unprivileged.offset(), 1, 1), GUILD),
                members(OWNER, number(outsider.offset(), 2, 1), GUILD));
        assertThat(unprivileged.fullMemberRequests()).isEmpty();
        assertThat(outsider.fullMemberRequests()).isEmpty();
    }

    @Test
    void aSelfDeliverGetsASequenceLikeAnyOtherDispatch() {
        var session = opened(1, ALICE);
        apply(self(OWNER, number(session.offset(), 1, 1)), self(OWNER, number(session.offset(), 1, 1)));
        assertThat(session.sequence()).isEqualTo(2);
        assertThat(text(machine.ring(session).offset(2), session)).isEqualTo("{\"opcode\":8}");
    }

    @Test
    void anEphemeralDispatchReachesOnlySessionsWhoseUserIsInTheGuild() {
        apply(joined(GUILD, ALICE));
        var alice = opened(1, ALICE);
        var bob = opened(2, BOB);
        log.appendEphemeral(deliver(GUILD, "TYPING_START", "{}", alice.offset(), bob.offset()));
        shard.run();
        assertThat(alice.sequence()).isEqualTo(2);
        assertThat(bob.sequence()).isEqualTo(1);
    }

    @Test
    void referencesAreForgottenByServedTimeOnly() {
        var session = opened(1, ALICE);
        log.advance(Duration.ofHours(3).toMillis()); // no owner serves the shard
        log.checkpointed(OWNER);
        shard.run();
        assertThat(machine.ring(session).replayableAfter(0)).isTrue();
        for (int i = 0; i < 22; i++) {
            log.advance(15_000);
            log.checkpointed(OWNER);
        }
        shard.run();
        assertThat(machine.ring(session).replayableAfter(0)).isFalse();
        assertThat(machine.ring(session).replayableAfter(1)).isTrue();
        assertThat(session.readyGuilds()).isEmpty();
    }

    private Session opened(long request, long user) {
        apply(of(open(OWNER, request, user)));
        return sessionOf(request);
    }

    private Session sessionOf(long request) {
        return Objects.requireNonNull(machine.sessions().openedBy(request));
    }

    private String text(long offset, Session session) {
        return DispatchRenderer.render(log.at(offset).record(), session).data().toStringUtf8();
    }

    private void apply(SessionRecord... records) {
        for (var record : records) {
            log.append(record);
        }
        shard.run();
    }
}
