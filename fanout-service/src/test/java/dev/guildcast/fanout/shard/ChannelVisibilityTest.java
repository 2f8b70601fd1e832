package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.GuildShardHarness.ids;
import static dev.guildcast.fanout.shard.GuildShardHarness.parse;
import static dev.guildcast.fanout.shard.GuildShardHarness.types;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a session receives when a channel or a thread becomes visible to it or hidden from it.
class ChannelVisibilityTest extends PublishedGuild {
    @Test
    void hidingAChannelEmitsChannelDeleteAndShowingItChannelCreate() {
        // V19
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.record(part(G, "threads", thread(300, 11, TEXT, OWNER)));
        var hide = event(G, "CHANNEL_UPDATE", channel(TEXT, 0, overwrite(BOT, false, 0, VIEW)))
                .setChannelId(TEXT);
        assertThat(types(shard.event(hide), BOT, 7)).containsExactly("CHANNEL_DELETE");
        assertThat(types(shard.event(message(G, TEXT, "x", BOT)), BOT, 7)).isEmpty();
        assertThat(types(shard.event(message(G, 300, "x", BOT)), BOT, 7)).isEmpty();
        shard.subscribe(G, BOT, 70, EVERYTHING);
        assertThat(ids(parse(dispatched(shard.emitted, BOT, 70).getLast()), "channels"))
                .containsExactly("202");

        var show = event(G, "CHANNEL_UPDATE", channel(TEXT, 0)).setChannelId(TEXT);
        assertThat(types(shard.event(show), BOT, 7)).containsExactly("CHANNEL_CREATE", "THREAD_LIST_SYNC");
        assertThat(types(shard.event(message(G, TEXT, "x")), BOT, 7)).containsExactly("MESSAGE_CREATE");
    }

    @Test
    void thoseWhoKeepAChannelReceiveItsUpdate() {
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        var hide = event(G, "CHANNEL_UPDATE", channel(TEXT, 0, overwrite(BOT, false, 0, VIEW)))
                .setChannelId(TEXT);
        assertThat(types(shard.event(hide), HUMAN, 8)).containsExactly("CHANNEL_UPDATE");
    }

    @Test
    void aRoleGivenOrTakenRevealsOrHidesItsChannels() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(types(shard.event(event(G, "GUILD_MEMBER_UPDATE", member(BOT, STAFF))), BOT, 7))
                .containsExactly("GUILD_MEMBER_UPDATE", "CHANNEL_CREATE");
        assertThat(types(shard.event(message(G, HIDDEN, "x")), BOT, 7)).containsExactly("MESSAGE_CREATE");
        assertThat(types(shard.event(event(G, "GUILD_ROLE_DELETE", roleGone(STAFF))), BOT, 7))
                .containsExactly("GUILD_ROLE_DELETE", "CHANNEL_DELETE");
        assertThat(types(shard.event(message(G, HIDDEN, "x")), BOT, 7)).isEmpty();
    }

    @Test
    void aRolesPermissionsRevealAndHide() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(types(shard.event(event(G, "GUILD_ROLE_UPDATE", role(G, 0))), BOT, 7))
                .containsExactly("GUILD_ROLE_UPDATE", "CHANNEL_DELETE", "CHANNEL_DELETE");
        assertThat(types(shard.event(event(G, "GUILD_ROLE_UPDATE", role(G, Permissions.ADMINISTRATOR))), BOT, 7))
                .containsExactly("GUILD_ROLE_UPDATE", "CHANNEL_CREATE", "CHANNEL_CREATE", "CHANNEL_CREATE");
    }

    @Test
    void aNewOwnerSeesAllAndTheOldOneWhatItsRolesShow() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.subscribe(G, OWNER, 9, EVERYTHING);
        var out = shard.event(event(G, "GUILD_UPDATE", guild(BOT, "G")));
        assertThat(types(out, BOT, 7)).containsExactly("GUILD_UPDATE", "CHANNEL_CREATE");
        assertThat(types(out, OWNER, 9)).containsExactly("GUILD_UPDATE", "CHANNEL_DELETE");
    }

    @Test
    void privateThreadsAreSeenByMembersAndThoseWhoManageThreads() {
        shard.event(event(G, "GUILD_MEMBER_UPDATE", member(OWNER)));
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        shard.subscribe(G, OWNER, 9, EVERYTHING);
        var create = event(G, "THREAD_CREATE", thread(300, 12, TEXT, HUMAN)).setChannelId(300);
        var out = shard.event(create);
        assertThat(types(out, BOT, 7)).isEmpty();
        assertThat(types(out, HUMAN, 8)).containsExactly("THREAD_CREATE");
        assertThat(types(out, OWNER, 9)).containsExactly("THREAD_CREATE");

        var add = event(G, "THREAD_MEMBERS_UPDATE", threadMembers(300, List.of(BOT), List.of()))
                .setChannelId(300)
                .setIntents(Intents.GUILD_MEMBERS)
                .addSelfUsers(BOT)
                .setSelfIntents(Intents.GUILDS);
        out = shard.event(add);
        assertThat(types(out, BOT, 7)).containsExactly("THREAD_CREATE", "THREAD_MEMBERS_UPDATE");
        assertThat(parse(dispatched(out, BOT, 7).getFirst())
                        .get("member")
                        .get("user_id")
                        .asString())
                .isEqualTo("2");
        assertThat(types(shard.event(message(G, 300, "x")), BOT, 7)).containsExactly("MESSAGE_CREATE");
        assertThat(ids(
                        parse(dispatched(shard.subscribe(G, BOT, 70, EVERYTHING), BOT, 70)
                                .getFirst()),
                        "threads"))
                .containsExactly("300");

        var remove = event(G, "THREAD_MEMBERS_UPDATE", threadMembers(300, List.of(), List.of(BOT)))
                .setChannelId(300)
                .setIntents(Intents.GUILD_MEMBERS);
        assertThat(types(shard.event(remove), BOT, 7)).containsExactly("THREAD_MEMBERS_UPDATE");
        assertThat(types(shard.event(message(G, 300, "x")), BOT, 7)).isEmpty();

        out = shard.event(event(G, "GUILD_MEMBER_UPDATE", member(BOT, STAFF)));
        assertThat(types(out, BOT, 7)).containsExactly("GUILD_MEMBER_UPDATE", "CHANNEL_CREATE", "THREAD_LIST_SYNC");
        out = shard.event(event(G, "GUILD_ROLE_UPDATE", role(STAFF, VIEW)));
        assertThat(types(out, BOT, 7)).containsExactly("GUILD_ROLE_UPDATE", "THREAD_DELETE");
    }

    @Test
    void aDeletedChannelIsEmittedOnceAndTakesItsThreadsAlong() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.record(part(G, "t", thread(300, 11, TEXT, OWNER)));
        var out = shard.event(event(G, "CHANNEL_DELETE", channelGone(TEXT)).setChannelId(TEXT));
        assertThat(types(out, BOT, 7)).containsExactly("CHANNEL_DELETE");
        shard.event(message(G, 300, "x"));
        assertThat(shard.deadLetters).containsExactly("unknown channel 300");
    }
}
