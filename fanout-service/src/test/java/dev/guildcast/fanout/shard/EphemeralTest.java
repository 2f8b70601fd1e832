package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.json;
import static dev.guildcast.fanout.shard.GuildShardHarness.types;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.contract.ShardId;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.Users;
import dev.guildcast.fanout.publication.PublicationDeduplicator;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.shard.RecordContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EphemeralTest {
    private static final long G = 100;
    private final GuildShardHarness shard = new GuildShardHarness();

    @BeforeEach
    void publish() {
        shard.record(part(
                G,
                "v",
                guild(1, "G"),
                role(G, Permissions.VIEW_CHANNEL),
                channel(200, 0),
                member(1),
                member(2),
                member(3)));
        shard.subscribe(G, 2, 7, Intents.KNOWN);
        shard.subscribe(G, 3, 8, Intents.KNOWN);
        shard.checkpoint();
    }

    @Test
    void typingGoesToViewersAndChangesNothing() {
        assertThat(types(shard.ephemeral(typing(200), shard.nowMillis), 2, 7)).containsExactly("TYPING_START");
        assertThat(shard.machine.drainDirty()).isEmpty();
    }

    @Test
    void typingIsCheckedAgainstThePresentView() {
        shard.event(event(G, "CHANNEL_UPDATE", channel(200, 0, overwrite(2, false, 0, Permissions.VIEW_CHANNEL)))
                .setChannelId(200));
        var out = shard.ephemeral(typing(200), shard.nowMillis);
        assertThat(types(out, 2, 7)).isEmpty();
        assertThat(types(out, 3, 8)).containsExactly("TYPING_START");
    }

    @Test
    void typingOlderThanFiveSecondsIsDropped() {
        assertThat(shard.ephemeral(typing(200), shard.nowMillis - 5000)).isNotEmpty();
        assertThat(shard.ephemeral(typing(200), shard.nowMillis - 5001)).isEmpty();
    }

    @Test
    void aDuplicateIsEmittedOnceAndSoIsALateFirstArrival() {
        assertThat(shard.ephemeral(published(7), shard.nowMillis)).isNotEmpty();
        assertThat(shard.ephemeral(published(7), shard.nowMillis)).isEmpty();
        assertThat(shard.ephemeral(published(9), shard.nowMillis)).isNotEmpty();
        assertThat(shard.ephemeral(published(8), shard.nowMillis)).isNotEmpty();
        assertThat(shard.ephemeral(published(8), shard.nowMillis)).isEmpty();
        assertThat(shard.machine.drainDirty()).isEmpty();
    }

    @Test
    void aPublicationOlderThanItsPublishersWindowIsRejected() {
        shard.ephemeral(published(PublicationDeduplicator.WINDOW), shard.nowMillis);
        assertThatThrownBy(() -> shard.ephemeral(published(0), shard.nowMillis))
                .isInstanceOf(RecordRejectedException.class);
    }

    @Test
    void aPresenceIsEmittedToOthersAndCachedUntilOffline() {
        var out = shard.ephemeral(presence(2, "dnd"), shard.nowMillis);
        assertThat(types(out, 2, 7)).isEmpty();
        assertThat(types(out, 3, 8)).containsExactly("PRESENCE_UPDATE");
        assertThat(shard.presences.users()).containsExactly(2L);
        shard.ephemeral(presence(2, "offline"), shard.nowMillis);
        assertThat(shard.presences.users()).isEmpty();
    }

    @Test
    void aPresenceOfAUserWhoIsNoMemberIsIgnored() {
        assertThat(shard.ephemeral(presence(99, "idle"), shard.nowMillis)).isEmpty();
        assertThat(shard.presences.users()).isEmpty();
    }

    /// The runtime counts what is rejected as a dead letter: no event is accepted and then lost without a trace.
    @Test
    void whatCannotBeEmittedIsRejected() {
        var idle = presence(2, "idle");
        assertRejected(idle.toBuilder().setPayload(json("[1")).build(), "presence is malformed");
        assertRejected(idle.toBuilder().setGuildId(55).build(), "unknown guild 55");
        assertRejected(typing(999), "unknown channel 999");
        assertRejected(
                event(G, "GUILD_ROLE_CREATE", role(5, 0)).build(), "event of the ephemeral lane with a change: ROLE");
        assertRejected(typing(200).toBuilder().clearChannelId().build(), "event without an audience");
        assertThat(shard.presences.users()).isEmpty();
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aSequenceAboveTheBoundIsRejected() {
        assertRejected(
                published(Long.MAX_VALUE), "publication's sequence is 9223372036854775807 (at most 9007199254740991)");
        assertThat(shard.ephemeral(published(1), shard.nowMillis)).isNotEmpty();
    }

    private void assertRejected(GuildEvent event, String reason) {
        assertThatThrownBy(() -> shard.ephemeral(event, shard.nowMillis))
                .isInstanceOf(RecordRejectedException.class)
                .hasMessage(reason);
    }

    @Test
    void onlyAUsersOwnPresencesToAllAreConflated() {
        var idle = presence(2, "idle");
        assertThat(key(idle)).isNotNull().isEqualTo(key(presence(2, "dnd"))).isNotEqualTo(key(presence(3, "idle")));
        assertThat(key(idle)).isNotEqualTo(key(idle.toBuilder().setGuildId(101).build()));
        assertThat(key(idle.toBuilder().setUsers(Users.newBuilder().addIds(3)).build()))
                .isNull();
        assertThat(key(typing(200))).isNull();
    }

    @Test
    void theDuplicateOfASkippedPresenceIsNotEmitted() {
        var online = presence(2, "online").toBuilder()
                .setPublication(Publication.newBuilder().setPublisher("chat").setSequence(1))
                .build();
        shard.machine.skipEphemeral(
                GuildRecord.newBuilder().setEvent(online).build(),
                new RecordContext(ShardId.guild(0), 0, shard.nowMillis, null, 1));
        assertThat(shard.ephemeral(presence(2, "dnd"), shard.nowMillis)).isNotEmpty();
        assertThat(shard.ephemeral(online, shard.nowMillis)).isEmpty();
    }

    private @Nullable Object key(GuildEvent event) {
        return shard.machine.coalescingKey(
                GuildRecord.newBuilder().setEvent(event).build());
    }

    private static GuildEvent published(long sequence) {
        return typing(200).toBuilder()
                .setPublication(Publication.newBuilder().setPublisher("chat").setSequence(sequence))
                .build();
    }

    private static GuildEvent typing(long channel) {
        return GuildEvent.newBuilder()
                .setGuildId(G)
                .setType("TYPING_START")
                .setChannelId(channel)
                .setIntents(Intents.GUILD_MESSAGE_TYPING)
                .setPriority(Priority.TYPING)
                .setPayload(json("{}"))
                .build();
    }

    private static GuildEvent presence(long user, String status) {
        return RecordFixtures.presence(G, user, "'status':'" + status + "','activities':[]");
    }
}
