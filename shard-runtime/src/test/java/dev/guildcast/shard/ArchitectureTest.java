package dev.guildcast.shard;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String CONTRACTS = "dev.guildcast.shard.v1..";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("dev.guildcast.shard");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.guildcast.(shard.*)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheSettingsAndTheBindingsDependOnSpring() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.guildcast.shard.installation", "dev.guildcast.shard.stream")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.springframework.."))
                .check(CLASSES);
    }

    @Test
    void onlyClassesNamedForATechnologyUseIt() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Kafka[^.]*")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.guildcast.shard.coordination..", CONTRACTS)
                .and()
                .haveNameNotMatching("dev\\.guildcast\\.shard\\.call\\.Grpc[^.]*")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.grpc.."))
                .check(CLASSES);
    }

    @Test
    void theProcessHasNoClockThreadOrRandomnessOfItsOwn() {
        noClasses()
                .that()
                .haveNameMatching(
                        "dev\\.guildcast\\.shard\\.(Shard(Process|Machine)|Chain|Outbox|Staging|LogProof|Checkpointer|Mark)(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..", "org.apache.kafka..", "io.grpc.."))
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .and()
                .resideOutsideOfPackage(CONTRACTS)
                .should()
                .beAnnotatedWith("org.jspecify.annotations.NullMarked")
                .check(CLASSES);
    }
}
