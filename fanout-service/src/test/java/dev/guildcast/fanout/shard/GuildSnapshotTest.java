package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.GuildShardHarness.json;
import static dev.guildcast.fanout.shard.GuildShardHarness.types;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.event.v1.GuildListReplace;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Mutation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuildSnapshotTest {
    private static final long G = 100;
    private static final long OWNER = 1;
    private static final long BOT = 2;
    private static final long HUMAN = 3;
    private static final long VIEW = Permissions.VIEW_CHANNEL;

    private final GuildShardHarness shard = new GuildShardHarness();

    @BeforeEach
    void publish() {
        shard.record(document("v1", "G"));
        shard.record(end(G, "v1"));
        shard.subscribe(G, BOT, 7, Intents.KNOWN);
    }

    private static GuildRecord.Builder document(String version, String name) {
        return part(
                G,
                version,
                guild(OWNER, name),
                role(G, VIEW),
                role(50, VIEW),
                channel(200, 0),
                channel(202, 2),
                thread(300, 11, 200, OWNER),
                emojis("[{'id':'9','name':'smile'}]"),
                list("guild_scheduled_events", "[{'id':'70','channel_id':'202'},{'id':'71','channel_id':null}]"),
                member(OWNER),
                member(BOT),
                member(HUMAN, 50L),
                voice(HUMAN, 202));
    }

    @Test
    void theSameDocumentAgainChangesNothing() {
        assertThat(shard.record(document("v2", "G"))).isEmpty();
        assertThat(shard.record(end(G, "v2"))).isEmpty();
    }

    @Test
    void differencesAreEmittedAsTheEntitysOwnEvent() {
        var out = shard.record(part(
                G,
                "v2",
                guild(OWNER, "H"),
                role(50, VIEW | 1),
                role(51, 0),
                channel(203, 0),
                thread(301, 11, 200, OWNER),
                emojis("[]"),
                list("guild_scheduled_events", "[{'id':'70','channel_id':'202','x':1},{'id':'72'}]"),
                member(HUMAN),
                member(60),
                voice(HUMAN, 202),
                voice(60, 202)));
        assertThat(types(out, BOT, 7))
                .containsExactly(
                        "GUILD_UPDATE",
                        "GUILD_ROLE_UPDATE",
                        "GUILD_ROLE_CREATE",
                        "CHANNEL_CREATE",
                        "THREAD_CREATE",
                        "GUILD_EMOJIS_UPDATE",
                        "GUILD_SCHEDULED_EVENT_UPDATE",
                        "GUILD_SCHEDULED_EVENT_CREATE",
                        "GUILD_SCHEDULED_EVENT_DELETE",
                        "GUILD_MEMBER_UPDATE",
                        "GUILD_MEMBER_ADD",
                        "VOICE_STATE_UPDATE");
        assertThat(out)
                .anySatisfy(each -> assertThat(each.record().getMemberJoined().getUsersList())
                        .containsExactly(60L));
    }

    @Test
    void theEndRemovesWhatTheDocumentDidNotName() {
        shard.record(part(G, "v2", guild(OWNER, "G"), role(G, VIEW), channel(202, 2), member(BOT)));
        var out = shard.record(end(G, "v2"));
        assertThat(types(out, BOT, 7))
                .containsExactly(
                        "VOICE_STATE_UPDATE",
                        "GUILD_MEMBER_REMOVE",
                        "GUILD_MEMBER_REMOVE",
                        "THREAD_DELETE",
                        "CHANNEL_DELETE",
                        "GUILD_ROLE_DELETE",
                        "GUILD_EMOJIS_UPDATE",
                        "GUILD_SCHEDULED_EVENT_DELETE",
                        "GUILD_SCHEDULED_EVENT_DELETE");
        assertThat(out.stream().flatMap(each -> each.record().getMemberLeft().getUsersList().stream()))
                .containsExactlyInAnyOrder(OWNER, HUMAN);
    }

    @Test
    void whatARecordNamedSinceTheFirstPartStays() {
        shard.record(part(G, "v2", guild(OWNER, "G"), role(G, VIEW), channel(200, 0), member(BOT)));
        shard.event(event(G, "GUILD_MEMBER_ADD", member(61)));
        shard.event(event(G, "GUILD_MEMBER_UPDATE", member(HUMAN, 50L)));
        shard.event(event(G, "CHANNEL_CREATE", channel(210, 0)));
        shard.record(end(G, "v2"));
        assertThat(shard.machine.view(G).orElseThrow().members()).containsOnlyKeys(BOT, HUMAN, 61L);
        assertThat(shard.machine.view(G).orElseThrow().channels()).containsOnlyKeys(200L, 210L);
    }

    @Test
    void theEndOfAnotherVersionRemovesNothing() {
        shard.record(part(G, "v2", guild(OWNER, "G")));
        shard.record(part(G, "v3", guild(OWNER, "G"), member(BOT)));
        assertThat(shard.record(end(G, "v2"))).isEmpty();
        assertThat(shard.machine.view(G).orElseThrow().members()).hasSize(3);
        shard.record(end(G, "v3"));
        assertThat(shard.machine.view(G).orElseThrow().members()).hasSize(1);
        assertThat(shard.record(end(G, "v3"))).isEmpty();
    }

    @Test
    void aPieceThatCannotBeAppliedIsDeadLetteredByItself() {
        shard.record(part(
                G, "v2", emojis("{}"), threadMembers(999, java.util.List.of(1L), java.util.List.of()), member(62)));
        assertThat(shard.deadLetters)
                .containsExactly("document part: list emojis is no JSON array", "document part: unknown channel 999");
        assertThat(shard.machine.view(G).orElseThrow().members()).containsKey(62L);
    }

    @Test
    void aPartForAnUnknownGuildIsRejected() {
        shard.record(part(500, "v", member(1)));
        shard.record(end(500, "v"));
        assertThat(shard.deadLetters).containsExactly("unknown guild 500", "unknown guild 500");
    }

    @Test
    void itemsOfHiddenChannelsAreAbsentAndListsAreWhole() {
        shard.event(event(G, "CHANNEL_UPDATE", channel(202, 2, overwrite(G, true, 0, VIEW)))
                .setChannelId(202));
        String guild = dispatched(shard.subscribe(G, BOT, 70, Intents.KNOWN), BOT, 70)
                .getFirst()
                .data();
        assertThat(guild).contains("\"guild_scheduled_events\":[{\"id\":\"71\",\"channel_id\":null}]");
        assertThat(guild).contains("\"emojis\":[{\"id\":\"9\",\"name\":\"smile\"}]", "\"voice_states\":[]");
        assertThat(guild).doesNotContain("\"202\"");
    }

    private static Mutation emojis(String text) {
        return list("emojis", text);
    }

    private static Mutation list(String name, String text) {
        return Mutation.newBuilder()
                .setList(GuildListReplace.newBuilder().setName(name).setJson(json(text)))
                .build();
    }
}
