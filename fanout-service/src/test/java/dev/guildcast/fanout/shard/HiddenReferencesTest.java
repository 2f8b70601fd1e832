package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.GuildShardHarness.parse;
import static dev.guildcast.fanout.shard.GuildShardHarness.types;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.contract.catalogue.ParsedEvent;
import dev.guildcast.event.v1.Concealment;
import dev.guildcast.fanout.shard.GuildShardHarness.Emitted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What events name besides their own channel: other channels, members and presences, each shown only to those who may
/// see it.
class HiddenReferencesTest extends PublishedGuild {
    private static final long THREAD = 300;
    private static final long CATEGORY = 203;

    @Test
    void usersOfAScheduledEventInAHiddenChannelAreShownToItsViewersOnly() {
        subscribeOwnerAndBot();
        publish("GUILD_SCHEDULED_EVENT_CREATE", "'id':'900','guild_id':'100','channel_id':'201','name':'x'");
        publish("GUILD_SCHEDULED_EVENT_CREATE", "'id':'901','guild_id':'100','channel_id':null,'name':'y'");
        for (String type : List.of("GUILD_SCHEDULED_EVENT_USER_ADD", "GUILD_SCHEDULED_EVENT_USER_REMOVE")) {
            var hidden = publish(type, "'guild_id':'100','guild_scheduled_event_id':'900','user_id':'3'");
            assertThat(types(hidden, BOT, 7)).isEmpty();
            assertThat(types(hidden, OWNER, 9)).containsExactly(type);
            var external = publish(type, "'guild_id':'100','guild_scheduled_event_id':'901','user_id':'3'");
            assertThat(types(external, BOT, 7)).containsExactly(type);
        }
        assertThat(shard.deadLetters).isEmpty();
    }

    @Test
    void usersOfAnUnknownScheduledEventAreShownToNobody() {
        subscribeOwnerAndBot();
        var out = publish(
                "GUILD_SCHEDULED_EVENT_USER_ADD", "'guild_id':'100','guild_scheduled_event_id':'7','user_id':'3'");
        assertThat(out).isEmpty();
        assertThat(shard.deadLetters).containsExactly("unknown item 7 of guild_scheduled_events");
    }

    @Test
    void aDeletedScheduledEventIsShownToThoseWhoSawItWhateverItsPublisherLeftOut() {
        subscribeOwnerAndBot();
        publish("GUILD_SCHEDULED_EVENT_CREATE", "'id':'900','guild_id':'100','channel_id':'201','name':'x'");
        var out = publish("GUILD_SCHEDULED_EVENT_DELETE", "'id':'900','guild_id':'100'");
        assertThat(types(out, BOT, 7)).isEmpty();
        assertThat(types(out, OWNER, 9)).containsExactly("GUILD_SCHEDULED_EVENT_DELETE");
    }

    @Test
    void effectsInAVoiceChannelReachThoseConnectedToIt() {
        subscribeOwnerAndBot();
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        shard.event(event(G, "VOICE_STATE_UPDATE", voice(BOT, VOICE)));
        var out = publish("VOICE_CHANNEL_EFFECT_SEND", "'guild_id':'100','channel_id':'202','user_id':'3'");
        assertThat(types(out, BOT, 7)).containsExactly("VOICE_CHANNEL_EFFECT_SEND");
        assertThat(types(out, HUMAN, 8)).isEmpty();
        assertThat(types(out, OWNER, 9)).isEmpty();
    }

    @Test
    void presencesOfThreadMembersAreShownToThoseWithTheIntent() {
        shard.event(event(G, "THREAD_CREATE", thread(THREAD, 11, TEXT, OWNER)));
        shard.subscribe(G, OWNER, 9, EVERYTHING);
        shard.subscribe(G, OWNER, 10, Intents.GUILD_MEMBERS | Intents.GUILDS);
        shard.subscribe(G, BOT, 7, Intents.GUILDS | Intents.GUILD_PRESENCES);
        var out = publish(
                "THREAD_MEMBERS_UPDATE",
                "'id':'300','guild_id':'100','member_count':3,'added_members':["
                        + "{'user_id':'3','member':{'nick':'h'},'presence':{'status':'idle'}},"
                        + "{'user_id':'2','member':{'nick':'b'},'presence':{'status':'dnd'}}],"
                        + "'removed_member_ids':['5']");
        var all = only(out, OWNER, 9);
        assertThat(all.at("/added_members/0/presence/status").asString()).isEqualTo("idle");
        assertThat(all.at("/added_members/1/member/nick").asString()).isEqualTo("b");
        var withoutPresences = only(out, OWNER, 10);
        assertThat(withoutPresences.toString()).doesNotContain("presence");
        assertThat(withoutPresences.at("/added_members/0/member/nick").asString())
                .isEqualTo("h");
        // Without GUILD_MEMBERS a user is shown itself only.
        var self = only(out, BOT, 7);
        assertThat(self.path("added_members").size()).isOne();
        assertThat(self.at("/added_members/0/user_id").asString()).isEqualTo("2");
        assertThat(self.path("removed_member_ids").size()).isZero();
    }

    @Test
    void aGuildUpdateShowsNoHiddenChannel() {
        subscribeOwnerAndBot();
        var out = publish(
                "GUILD_UPDATE",
                "'id':'100','name':'G','owner_id':'1','system_channel_id':'201','rules_channel_id':'200',"
                        + "'widget_channel_id':'201','welcome_screen':{'welcome_channels':[{'channel_id':'201',"
                        + "'description':'secret'},{'channel_id':'200','description':'open'}]}");
        assertShowsNoHiddenChannel(only(out, BOT, 7), only(out, OWNER, 9));
    }

    @Test
    void noDerivedGuildUpdateAndNoGuildCreateShowsAHiddenChannel() {
        subscribeOwnerAndBot();
        var guild = guild(OWNER, "renamed").toBuilder();
        guild.getGuildBuilder()
                .addFields(field("system_channel_id", "'201'"))
                .addFields(field("rules_channel_id", "'200'"))
                .addFields(field("widget_channel_id", "'201'"))
                .addFields(field(
                        "welcome_screen",
                        "{'welcome_channels':[{'channel_id':'201','description':'secret'},"
                                + "{'channel_id':'200','description':'open'}]}"));
        var out = shard.record(part(G, "v2", guild.build()));
        assertThat(types(out, BOT, 7)).containsExactly("GUILD_UPDATE");
        assertShowsNoHiddenChannel(only(out, BOT, 7), only(out, OWNER, 9));
        var bot = parse(
                dispatched(shard.subscribe(G, BOT, 70, EVERYTHING), BOT, 70).getFirst());
        var owner = parse(
                dispatched(shard.subscribe(G, OWNER, 90, EVERYTHING), OWNER, 90).getFirst());
        assertShowsNoHiddenChannel(bot, owner);
    }

    @Test
    void aRuleOfAutoModerationShowsNoHiddenChannel() {
        shard.event(event(G, "GUILD_ROLE_UPDATE", role(G, VIEW | Permissions.MANAGE_GUILD)));
        subscribeOwnerAndBot();
        var out = publish(
                "AUTO_MODERATION_RULE_UPDATE",
                "'id':'5','guild_id':'100','exempt_channels':['201','200'],"
                        + "'actions':[{'type':2,'metadata':{'channel_id':'201'}}]");
        var bot = only(out, BOT, 7);
        assertThat(bot.path("exempt_channels").toString()).isEqualTo("[\"200\"]");
        assertThat(bot.at("/actions/0/metadata/channel_id").isNull()).isTrue();
        assertThat(only(out, OWNER, 9).toString()).contains("[\"201\",\"200\"]", "\"channel_id\":\"201\"");
    }

    @Test
    void aChannelInAHiddenCategoryShowsNoParent() {
        shard.event(event(G, "CHANNEL_CREATE", channel(CATEGORY, 4, overwrite(G, true, 0, VIEW))));
        subscribeOwnerAndBot();
        var out = publish("CHANNEL_UPDATE", "'id':'200','guild_id':'100','parent_id':'203','name':'moved'");
        assertThat(only(out, BOT, 7).get("parent_id").isNull()).isTrue();
        assertThat(only(out, OWNER, 9).get("parent_id").asString()).isEqualTo("203");
        var created = parse(
                dispatched(shard.subscribe(G, BOT, 70, EVERYTHING), BOT, 70).getFirst());
        assertThat(created.toString()).doesNotContain("203");
    }

    @Test
    void aGainedCategoryIsNamedByItsChannels() {
        shard.event(event(G, "CHANNEL_CREATE", channel(CATEGORY, 4, overwrite(G, true, 0, VIEW))));
        publish("CHANNEL_UPDATE", "'id':'200','guild_id':'100','parent_id':'203','name':'moved'");
        subscribeOwnerAndBot();
        var out = publish("CHANNEL_UPDATE", "'id':'203','guild_id':'100','permission_overwrites':[]");
        assertThat(types(out, BOT, 7)).containsExactly("CHANNEL_CREATE", "CHANNEL_UPDATE");
        var child = parse(dispatched(out, BOT, 7).getLast());
        assertThat(child.get("id").asString()).isEqualTo("200");
        assertThat(child.get("parent_id").asString()).isEqualTo("203");
        assertThat(types(out, OWNER, 9)).containsExactly("CHANNEL_UPDATE");
    }

    @Test
    void anUnknownTypeShowsNoHiddenChannel() {
        subscribeOwnerAndBot();
        var out = publish("GUILD_ONBOARDING_UPDATE", "'guild_id':'100','default_channel_ids':['201','200']");
        assertThat(only(out, BOT, 7).path("default_channel_ids").toString()).isEqualTo("[\"200\"]");
        assertThat(only(out, OWNER, 9).path("default_channel_ids").size()).isEqualTo(2);
    }

    @Test
    void namedUsersReceiveAnEventOfAChannelOnlyIfTheySeeIt() {
        subscribeOwnerAndBot();
        var out = publishTo(
                "MESSAGE_CREATE",
                "'id':'5','guild_id':'100','channel_id':'201','author':{'id':'3'},'content':'x'",
                "'1','2'");
        assertThat(types(out, BOT, 7)).isEmpty();
        assertThat(types(out, OWNER, 9)).containsExactly("MESSAGE_CREATE");
    }

    @Test
    void anInteractionReachesABotThatIsNoMember() {
        long stranger = 77;
        subscribeOwnerAndBot();
        var fields = "'id':'5','application_id':'77','guild_id':'100','channel_id':'201'";
        var out = publishTo("INTERACTION_CREATE", fields, "'2','77'");
        // A member's session receives it as subscribed; of another's session shard, the client shard of the guild.
        assertThat(types(out, BOT, 7)).containsExactly("INTERACTION_CREATE");
        var toStranger = out.stream()
                .filter(each -> each.record().hasUserDeliver())
                .map(each -> each.record().getUserDeliver())
                .toList();
        assertThat(toStranger).hasSize(1);
        assertThat(toStranger.getFirst().getUsersList()).containsExactly(stranger);
        assertThat(toStranger.getFirst().getRoutingGuildId()).isEqualTo(G);
        assertThat(toStranger.getFirst().getType()).isEqualTo("INTERACTION_CREATE");
    }

    @Test
    void anInteractionOfAnUnknownGuildReachesTheBot() {
        var out = publishTo("INTERACTION_CREATE", "'id':'5','application_id':'77','guild_id':'101'", "'77'");
        assertThat(out).hasSize(1);
        assertThat(out.getFirst().record().getUserDeliver().getUsersList()).containsExactly(77L);
        assertThat(shard.deadLetters).isEmpty();
    }

    @Test
    void aConcealmentOutsideOfItsPayloadIsRejected() {
        subscribeOwnerAndBot();
        var out = shard.event(message(G, TEXT, "hi")
                .addConcealments(Concealment.newBuilder().setFrom(3).setTo(1000).setChannelId(HIDDEN)));
        assertThat(out).isEmpty();
        assertThat(shard.deadLetters).containsExactly("concealment of bytes 3 to 1000 of a payload of 16");
    }

    private void subscribeOwnerAndBot() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.subscribe(G, OWNER, 9, EVERYTHING);
    }

    private static void assertShowsNoHiddenChannel(JsonNode bot, JsonNode owner) {
        assertThat(bot.get("system_channel_id").isNull()).isTrue();
        assertThat(bot.get("widget_channel_id").isNull()).isTrue();
        assertThat(bot.get("rules_channel_id").asString()).isEqualTo("200");
        assertThat(bot.at("/welcome_screen/welcome_channels").toString())
                .isEqualTo("[{\"channel_id\":\"200\",\"description\":\"open\"}]");
        assertThat(owner.get("system_channel_id").asString()).isEqualTo("201");
        assertThat(owner.at("/welcome_screen/welcome_channels").size()).isEqualTo(2);
    }

    private static JsonNode only(List<Emitted> out, long user, long session) {
        var all = dispatched(out, user, session);
        assertThat(all).hasSize(1);
        return parse(all.getFirst());
    }

    private List<Emitted> publish(String type, String fields) {
        return publish("{'t':'" + type + "','d':{" + fields + "}}");
    }

    private List<Emitted> publishTo(String type, String fields, String users) {
        return publish("{'t':'" + type + "','d':{" + fields + "},'users':[" + users + "]}");
    }

    private List<Emitted> publish(String event) {
        var parsed = EventCatalogue.parse(event.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        assertThat(parsed).isInstanceOf(ParsedEvent.ToGuild.class);
        return shard.apply(((ParsedEvent.ToGuild) parsed).record(), null);
    }
}
