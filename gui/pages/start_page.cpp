// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/start_page.h"

#include "gui/text.h"
#include "gui/theme.h"
#include "gui/widgets.h"
#include "peripherals/board_guess.h"
#include "peripherals/boards.h"
#include "sim_core/error.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>

#include <utility>

namespace simprof::gui {

namespace {

constexpr int kFewInferences = 2;

} // namespace

StartPage::StartPage(QWidget* parent)
    : QWidget(parent) {
    auto* title = new QLabel(QStringLiteral("Where does your inference spend its cycles, SRAM and energy?"), this);
    title->setFont(scaledFont(font(), 1.5, QFont::DemiBold));
    title->setWordWrap(true);
    auto* hint = prose(QStringLiteral("Open a firmware (ELF, Intel HEX, UF2, binary) and run it, or open a profile "
                                      "(.simprof). Files may be dropped anywhere on this window."),
                       this);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(12);
    columns->addWidget(makeRecent(), 1);
    auto* right = new QVBoxLayout;
    right->addWidget(makeSetUp());
    right->addStretch();
    columns->addLayout(right, 2);
    QVBoxLayout* layout = scrollingBody(this);
    layout->setContentsMargins(28, 24, 28, 24);
    layout->setSpacing(12);
    layout->addWidget(title);
    layout->addWidget(hint);
    m_open = prose(QString(), this);
    m_open->setObjectName(QStringLiteral("open"));
    m_open->hide();
    layout->addWidget(m_open);
    layout->addLayout(columns, 1);
}

QWidget* StartPage::makeRecent() {
    auto* card = new Card(QStringLiteral("Recent files"), this);
    auto* open = new QPushButton(QStringLiteral("Open…"), card);
    open->setToolTip(QStringLiteral("Open a firmware or a profile (Ctrl+O)"));
    card->header()->addWidget(open);
    m_recent = new QListWidget(card);
    m_recent->setObjectName(QStringLiteral("recent"));
    m_recent->setAccessibleName(QStringLiteral("Recent files"));
    card->body()->addWidget(m_recent, 1);
    connect(open, &QPushButton::clicked, this, &StartPage::openWanted);
    connect(m_recent, &QListWidget::itemActivated, this,
            [this](QListWidgetItem* item) { Q_EMIT pathChosen(item->data(Qt::UserRole).toString()); });
    return card;
}

QWidget* StartPage::makeSetUp() {
    m_setUp = new Card(QStringLiteral("Run"), this);
    m_failure = prose(QString(), m_setUp);
    m_setUp->body()->addWidget(m_failure);
    m_baseRow = new QWidget(m_setUp);
    auto* baseLayout = new QHBoxLayout(m_baseRow);
    baseLayout->setContentsMargins(0, 0, 0, 0);
    m_base = new QLineEdit(m_baseRow);
    m_base->setPlaceholderText(QStringLiteral("0x08000000"));
    m_base->setAccessibleName(QStringLiteral("Address of the raw binary"));
    auto* openAt = new QPushButton(QStringLiteral("Open at this address"), m_baseRow);
    baseLayout->addWidget(m_base, 1);
    baseLayout->addWidget(openAt);
    m_setUp->body()->addWidget(m_baseRow);
    connect(openAt, &QPushButton::clicked, this, [this] {
        bool valid = false;
        const uint base = m_base->text().trimmed().toUInt(&valid, 0);
        if (valid) {
            Q_EMIT baseChosen(m_path, base);
        } else {
            m_failure->setText(QStringLiteral("“%1” is no address: write it like 0x08000000.").arg(m_base->text()));
        }
    });
    m_form = new QWidget(m_setUp);
    auto* form = new QFormLayout(m_form);
    form->setContentsMargins(0, 0, 0, 0);
    form->setVerticalSpacing(9);
    form->setHorizontalSpacing(14);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_board = new QComboBox(m_form);
    m_why = caption(QString(), m_form);
    m_why->setWordWrap(true);
    m_why->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_until = new QComboBox(m_form);
    m_until->addItems({QStringLiteral("it exits or waits for ever"), QStringLiteral("inferences:"),
                       QStringLiteral("million cycles:"), QStringLiteral("milliseconds:")});
    m_untilCount = new QSpinBox(m_form);
    m_untilCount->setRange(1, 1'000'000);
    m_untilCount->setValue(kFewInferences);
    m_untilCount->setEnabled(false);
    m_script = new QLineEdit(m_form);
    m_model = new QLineEdit(m_form);
    m_instructions = new QCheckBox(QStringLiteral("Keep instructions (page Code)"), m_form);
    m_instructions->setToolTip(QStringLiteral("Keep what each instruction cost"));
    m_instructions->setChecked(true);
    const auto row = [&](const QString& label, std::initializer_list<QWidget*> fields) {
        auto* line = new QHBoxLayout;
        for (QWidget* field : fields) {
            field->setAccessibleName(label);
            line->addWidget(field, qobject_cast<QLineEdit*>(field) != nullptr ? 1 : 0);
        }
        form->addRow(label, line);
    };
    const auto browse = [&](QLineEdit* into, const QString& what) {
        auto* button = flatButton(QStringLiteral("…"), QStringLiteral("Choose %1").arg(what), m_form);
        connect(button, &QToolButton::clicked, this, [this, into, what] { chooseFile(into, what); });
        return button;
    };
    auto* boardFile = flatButton(QStringLiteral("…"), QStringLiteral("Choose a file that describes a board"), m_form);
    connect(boardFile, &QToolButton::clicked, this, [this] {
        const QString path =
            QFileDialog::getOpenFileName(this, QStringLiteral("Choose a file that describes a board"), QString(),
                                         QStringLiteral("Boards (*.toml *.json);;All files (*)"));
        if (!path.isEmpty()) {
            addBoardFile(path);
        }
    });
    row(QStringLiteral("Board"), {m_board, boardFile});
    boardFile->setAccessibleName(boardFile->toolTip());
    m_board->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    form->addRow(QString(), m_why);
    row(QStringLiteral("Until"), {m_until, m_untilCount});
    row(QStringLiteral("UART script"),
        {m_script, browse(m_script, QStringLiteral("the script that talks to the UART"))});
    row(QStringLiteral("Network"),
        {m_model, browse(m_model, QStringLiteral("the .tflite when the firmware carries none"))});
    m_script->setPlaceholderText(QStringLiteral("none"));
    m_model->setPlaceholderText(QStringLiteral("found in the firmware"));
    form->addRow(QString(), m_instructions);
    m_type = new QCheckBox(QStringLiteral("Type into the UART (page Console)"), m_form);
    form->addRow(QString(), m_type);
    auto* run = new QPushButton(QStringLiteral("Run"), m_form);
    run->setDefault(true);
    run->setToolTip(QStringLiteral("Run and profile the firmware (Ctrl+R)"));
    form->addRow(QString(), run);
    m_setUp->body()->addWidget(m_form);
    m_setUp->body()->addStretch();
    m_setUp->hide();
    connect(m_until, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_untilCount->setEnabled(index != 0); });
    connect(m_board, &QComboBox::currentIndexChanged, this, &StartPage::explainBoard);
    connect(run, &QPushButton::clicked, this, &StartPage::runWanted);
    return m_setUp;
}

void StartPage::chooseFile(QLineEdit* into, const QString& title) {
    const QString path = QFileDialog::getOpenFileName(this, QStringLiteral("Choose %1").arg(title));
    if (!path.isEmpty()) {
        into->setText(path);
    }
}

void StartPage::setRecent(const QStringList& paths) {
    m_recent->clear();
    for (const QString& path : paths) {
        const QFileInfo info(path);
        auto* item = new QListWidgetItem(QStringLiteral("%1\n%2").arg(info.fileName(), info.path()), m_recent);
        item->setData(Qt::UserRole, path);
        item->setToolTip(path);
    }
}

void StartPage::setFirmware(const QString& path, const FirmwareImage& firmware) {
    if (std::exchange(m_path, path) != path) {
        resetForm();
    }
    m_setUp->setTitle(QFileInfo(path).fileName());
    m_board->clear();
    m_failure->hide();
    m_baseRow->hide();
    QString guessed;
    QString why;
    try {
        const BoardGuess guess = guessBoard(firmware);
        guessed = qt(guess.board->name);
        why = qt(guess.why);
    } catch (const Error& error) {
        why = QString::fromUtf8(error.what());
    }
    for (const BoardDesc& board : simprof::boards()) {
        m_board->addItem(QStringLiteral("%1 (%2)").arg(qt(board.name), qt(board.mcu->name)), qt(board.name));
    }
    m_board->setProperty("why", why);
    m_board->setProperty("guessed", guessed);
    m_board->setCurrentIndex(guessed.isEmpty() ? 0 : m_board->findData(guessed));
    explainBoard();
    m_form->show();
    m_setUp->show();
}

void StartPage::addBoardFile(const QString& path) {
    m_board->addItem(QFileInfo(path).fileName(), path);
    m_board->setCurrentIndex(m_board->count() - 1);
}

void StartPage::explainBoard() {
    const QString guessed = m_board->property("guessed").toString();
    const bool isGuess = !guessed.isEmpty() && m_board->currentData().toString() == guessed;
    m_why->setText(isGuess             ? QStringLiteral("Guessed. %1").arg(m_board->property("why").toString())
                   : guessed.isEmpty() ? m_board->property("why").toString()
                                       : QStringLiteral("Chosen by you; the guess was %1.").arg(guessed));
}

void StartPage::setFailure(const QString& path, const QString& sentence) {
    static const QStringList kFormats = {QStringLiteral("elf"), QStringLiteral("axf"),  QStringLiteral("out"),
                                         QStringLiteral("hex"), QStringLiteral("ihex"), QStringLiteral("uf2")};
    m_path = path;
    const QFileInfo file(path);
    m_setUp->setTitle(file.fileName());
    // What to do is asked for right below, not on a command line.
    const qsizetype advice = sentence.indexOf(QStringLiteral("; if it is a raw binary"));
    const bool named = kFormats.contains(file.suffix().toLower());
    const bool askBase = advice >= 0 && !named;
    m_failure->setText(
        askBase ? sentence.left(advice) +
                      QStringLiteral("\n\nIf it is a raw binary, name the address that it is loaded at:")
        : advice >= 0 ? QStringLiteral("%1 is damaged, or no .%2 file: it does not begin like one. Build it again, "
                                       "or give a raw binary the ending .bin.")
                            .arg(file.fileName(), file.suffix())
                      : sentence);
    m_failure->show();
    m_baseRow->setVisible(askBase);
    m_form->hide();
    m_setUp->show();
}

RunOptions StartPage::options() const {
    RunOptions options;
    const QString board = m_board->currentData().toString();
    // The guess is left to the run itself, so that the profile says why.
    options.boardName = board == m_board->property("guessed").toString() ? std::string() : board.toStdString();
    const auto amount = static_cast<unsigned>(m_untilCount->value());
    switch (m_until->currentIndex()) {
    case 1: options.untilInferences = amount; break;
    case 2: options.untilCycles = Cycles{amount} * 1'000'000; break;
    case 3: options.untilSeconds = amount / 1000.0; break;
    default: break;
    }
    if (!m_model->text().isEmpty()) {
        options.model = std::filesystem::path(m_model->text().toStdU16String());
    }
    if (!m_script->text().isEmpty()) {
        options.uarts.push_back({"console", "script:" + m_script->text().toStdString()});
    }
    options.instructions = m_instructions->isChecked();
    return options;
}

bool StartPage::wantsToType() const { return m_type->isChecked(); }

void StartPage::clear() {
    m_path.clear();
    m_setUp->hide();
}

void StartPage::setOpen(const QString& what) {
    m_open->setText(what);
    m_open->setVisible(!what.isEmpty());
}

void StartPage::resetForm() {
    m_until->setCurrentIndex(0);
    m_untilCount->setValue(kFewInferences);
    m_script->clear();
    m_model->clear();
    m_instructions->setChecked(true);
    m_type->setChecked(false);
}

} // namespace simprof::gui
