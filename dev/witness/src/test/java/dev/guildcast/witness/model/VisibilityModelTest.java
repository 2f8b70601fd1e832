package dev.guildcast.witness.model;

import static dev.guildcast.witness.Intent.DIRECT_MESSAGES;
import static dev.guildcast.witness.Intent.GUILDS;
import static dev.guildcast.witness.Intent.GUILD_MEMBERS;
import static dev.guildcast.witness.Intent.GUILD_MESSAGES;
import static dev.guildcast.witness.Intent.MESSAGE_CONTENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.PublishedEvent.IngressOutcome;
import dev.guildcast.witness.ScenarioBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisibilityModelTest {
    private static final String HIDE_20 =
            "{'guild_id':'10','id':'20','type':0,'permission_overwrites':[{'id':'10','type':0,'allow':'0','deny':'1024'}]}";

    private final ScenarioBuilder scenario = new ScenarioBuilder();
    private final Account one = ScenarioBuilder.bot(1, GUILDS, GUILD_MESSAGES, MESSAGE_CONTENT);
    private final Account two = ScenarioBuilder.bot(2, GUILDS, GUILD_MESSAGES);

    private List<ExpectedDispatch> expected(Account account, PublishedEvent event) {
        return new VisibilityModel(ScenarioBuilder.world(), scenario.publications).expected(account, event);
    }

    @Test
    void aMessageIsForThoseWhoViewItsChannelAndHaveTheIntent() {
        PublishedEvent message = scenario.message("21", "x");
        assertThat(expected(one, message)).hasSize(1).allMatch(ExpectedDispatch::certain);
        assertThat(expected(two, message)).isEmpty();
        assertThat(expected(ScenarioBuilder.bot(1, GUILDS), message)).isEmpty();
    }

    @Test
    void withoutTheIntentContentIsBlankedUnlessItIsOnesOwnOrAMention() {
        String start = "{'guild_id':'10','channel_id':'20','content':'x','embeds':[1],'poll':{},'mentions':";
        PublishedEvent others = scenario.publish("MESSAGE_CREATE", start + "[],'author':{'id':'5'}}");
        PublishedEvent own = scenario.publish("MESSAGE_CREATE", start + "[],'author':{'id':'2'}}");
        PublishedEvent mention = scenario.publish("MESSAGE_CREATE", start + "[{'id':'2'}],'author':{'id':'5'}}");
        ExpectedDispatch.ExpectedBody body = expected(two, others).getFirst().body();
        assertThat(body.contentAllowed()).isFalse();
        assertThat(body.blanked())
                .isEqualTo(ScenarioBuilder.json(
                        "{'guild_id':'10','channel_id':'20','content':'','embeds':[],'mentions':[],"
                                + "'author':{'id':'5'},'witness':'p#1'}"));
        assertThat(expected(one, others).getFirst().body().contentAllowed()).isTrue();
        assertThat(expected(two, own).getFirst().body().contentAllowed()).isTrue();
        assertThat(expected(two, mention).getFirst().body().contentAllowed()).isTrue();
    }

    @Test
    void losingAChannelIsADeleteAndKeepingItAnUpdate() {
        PublishedEvent hide = scenario.publish(
                "CHANNEL_UPDATE",
                HIDE_20.replace("'deny':'1024'}", "'deny':'1024'},{'id':'11','type':0,'allow':'1024','deny':'0'}"));
        assertThat(expected(one, hide)).extracting(ExpectedDispatch::type).containsExactly("CHANNEL_UPDATE");
        assertThat(expected(two, hide)).extracting(ExpectedDispatch::type).containsExactly("CHANNEL_DELETE");
        assertThat(expected(two, scenario.message("20", "x"))).isEmpty();
    }

    @Test
    void aRoleMayRevealAChannel() {
        PublishedEvent given =
                scenario.publish("GUILD_MEMBER_UPDATE", "{'guild_id':'10','user':{'id':'2'},'roles':['11']}");
        assertThat(expected(two, given))
                .extracting(ExpectedDispatch::type, ExpectedDispatch::subject)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("GUILD_MEMBER_UPDATE", "p#1"),
                        org.assertj.core.groups.Tuple.tuple("CHANNEL_CREATE", "21"));
        assertThat(expected(one, given)).isEmpty();
        assertThat(expected(ScenarioBuilder.bot(1, GUILDS, GUILD_MEMBERS), given))
                .hasSize(1);
    }

    @Test
    void theOrderOfOverlappingEventsOfTwoPublishersIsNotCertain() {
        long now = scenario.now();
        scenario.publish("a", "CHANNEL_UPDATE", HIDE_20, now, now + 10, IngressOutcome.ACCEPTED);
        String message = "{'guild_id':'10','channel_id':'20','author':{'id':'5'},'content':'x'}";
        PublishedEvent during =
                scenario.publish("b", "MESSAGE_CREATE", message, now + 5, now + 20, IngressOutcome.ACCEPTED);
        PublishedEvent after =
                scenario.publish("b", "MESSAGE_CREATE", message, now + 10, now + 30, IngressOutcome.ACCEPTED);
        assertThat(expected(two, during)).hasSize(1).noneMatch(ExpectedDispatch::certain);
        assertThat(expected(two, after)).isEmpty();
    }

    @Test
    void anUnknownOutcomeIsUncertainAndARejectedEventIsForNobody() {
        String message = "{'guild_id':'10','channel_id':'20','author':{'id':'5'},'content':'x'}";
        PublishedEvent unknown =
                scenario.publish("p", "MESSAGE_CREATE", message, 5, PublishedEvent.NEVER, IngressOutcome.UNKNOWN);
        PublishedEvent refused = scenario.publish("p", "MESSAGE_CREATE", message, 6, 7, IngressOutcome.REJECTED);
        assertThat(expected(two, unknown)).hasSize(1).noneMatch(ExpectedDispatch::certain);
        assertThat(expected(two, refused)).isEmpty();
    }

    @Test
    void aDirectMessageIsForItsUsersInFull() {
        PublishedEvent direct = scenario.publish(
                "MESSAGE_CREATE", "{'channel_id':'40','users':['2'],'content':'x','author':{'id':'5'}}");
        assertThat(expected(ScenarioBuilder.bot(2, GUILDS, DIRECT_MESSAGES), direct))
                .hasSize(1)
                .allMatch(each -> each.body().contentAllowed());
        assertThat(expected(two, direct)).isEmpty();
        assertThat(expected(ScenarioBuilder.bot(1, GUILDS, DIRECT_MESSAGES), direct))
                .isEmpty();
    }

    @Test
    void joiningIsShownByGuildCreateOnly() {
        PublishedEvent left = scenario.publish("GUILD_MEMBER_REMOVE", "{'guild_id':'10','user':{'id':'2'}}");
        PublishedEvent missed = scenario.message("20", "x");
        PublishedEvent joined = scenario.publish("GUILD_MEMBER_ADD", "{'guild_id':'10','user':{'id':'2'},'roles':[]}");
        PublishedEvent met = scenario.message("20", "y");
        Account members = ScenarioBuilder.bot(2, GUILDS, GUILD_MESSAGES, GUILD_MEMBERS);
        assertThat(expected(members, left)).isEmpty();
        assertThat(expected(members, missed)).isEmpty();
        assertThat(expected(members, joined)).isEmpty();
        assertThat(expected(members, met))
                .extracting(ExpectedDispatch::firstMembership)
                .containsExactly(2);
        assertThat(expected(ScenarioBuilder.bot(1, GUILDS, GUILD_MEMBERS), left))
                .hasSize(1);
    }

    @Test
    void changesWithoutAKnownOrderAreRejected() {
        long now = scenario.now();
        scenario.publish("a", "CHANNEL_UPDATE", HIDE_20, now, now + 10, IngressOutcome.ACCEPTED);
        scenario.publish("b", "CHANNEL_UPDATE", HIDE_20, now + 5, now + 20, IngressOutcome.ACCEPTED);
        assertThatThrownBy(() -> new VisibilityModel(ScenarioBuilder.world(), scenario.publications))
                .hasMessageContaining("no known order");
    }
}
