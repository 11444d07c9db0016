// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/pages/energy_page.h"

#include "gui/text.h"
#include "gui/theme.h"
#include "gui/widgets.h"
#include "profiler/energy/state_uses.h"

#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>

#include <cmath>

namespace simprof::gui {

namespace {

constexpr int kSliderSteps = 1000;
constexpr double kSecondsPerHour = 3600;

QString daysText(double days) { return qt(humanDays(days)); }

QString bandText(const QString& low, const QString& high) {
    return low == high ? QString() : QStringLiteral("%1 … %2").arg(low, high);
}

} // namespace

EnergyPage::EnergyPage(Selection* selection, QWidget* parent)
    : Page(selection, parent) {
    auto* power = new Card(QStringLiteral("Power over time"), this);
    m_power = new PowerView(QStringLiteral("power over time"), selection, power);
    m_powerLegend = powerLegend(power);
    power->header()->insertWidget(1, m_powerLegend);
    power->header()->addWidget(exportButton(m_power, power));
    power->body()->addWidget(m_power, 1);
    auto* layers = new Card(QStringLiteral("Energy by layer"), this);
    m_bars = new BarsView(QStringLiteral("energy by layer"), layers);
    layers->header()->addWidget(exportButton(m_bars, layers));
    m_barsCard = layers;
    m_scroll = new QScrollArea(layers);
    m_scroll->setWidget(m_bars);
    m_scroll->setWidgetResizable(true);
    m_scroll->viewport()->setBackgroundRole(QPalette::Base);
    m_scroll->setFrameShape(QFrame::NoFrame);
    layers->body()->addWidget(m_scroll, 1);
    auto* layout = new QGridLayout;
    QVBoxLayout* body = scrollingBody(this);
    body->setContentsMargins(14, 12, 14, 12);
    body->addLayout(layout);
    layout->setSpacing(10);
    layout->addWidget(power, 0, 0, 1, 2);
    layout->addWidget(layers, 1, 0);
    layout->addWidget(makeCalculator(), 1, 1);
    layout->setRowStretch(0, 2);
    layout->setRowStretch(1, 3);
    layout->setColumnStretch(0, 5);
    layout->setColumnStretch(1, 6);
    connect(m_bars, &BarsView::clicked, this, [this](int id) { this->selection()->setLayer(id); });
    connect(selection, &Selection::layerChanged, this, &EnergyPage::followLayer);
    connect(selection, &Selection::countingChanged, this, &EnergyPage::showBars);
    connect(m_power, &TimeView::hovered, this, &Page::hovered);
}

QWidget* EnergyPage::makeCalculator() {
    auto* card = new Card(QStringLiteral("What a duty cycle needs"), this);
    card->body()->addWidget(makeAnswers());
    m_verdict = prose(QString(), card);
    card->body()->addWidget(m_verdict);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(5);
    Dial& period = addDial(grid, QStringLiteral("Period"), QStringLiteral(" s"), &m_periodSeconds, 0.01, 86400, 2);
    const QSignalBlocker quiet(period.number);
    period.number->setMinimum(period.low);
    period.slider->setToolTip(QStringLiteral("One inference in this time"));
    addDial(grid, QStringLiteral("Core clock"), QStringLiteral(" MHz"), &m_inputs.clockMhz, 0.1, 600, 1);
    addDial(grid, QStringLiteral("Asleep"), QStringLiteral(" µW"), &m_inputs.sleepMicrowatts, 0.1, 20000, 1);
    addDial(grid, QStringLiteral("Sensors, radio"), QStringLiteral(" µW"), &m_inputs.otherMicrowatts, 0.1, 100000, 1);
    addDial(grid, QStringLiteral("Battery"), QStringLiteral(" mAh"), &m_inputs.batteryMilliampHours, 1, 20000, 0);
    addDial(grid, QStringLiteral("Battery voltage"), QStringLiteral(" V"), &m_inputs.batteryVolts, 0.8, 12, 2);
    addDial(grid, QStringLiteral("Self-discharge"), QStringLiteral(" % a year"), &m_inputs.selfDischargePercentPerYear,
            0.1, 100, 1);
    addDial(grid, QStringLiteral("Harvester"), QStringLiteral(" µW"), &m_inputs.harvesterMicrowatts, 0.1, 100000, 1);
    grid->setColumnStretch(1, 1);
    card->body()->addLayout(grid);
    m_basis = caption(QString(), card);
    m_basis->setWordWrap(true);
    card->body()->addWidget(m_basis);
    card->body()->addStretch();
    return card;
}

QWidget* EnergyPage::makeAnswers() {
    auto* row = new TileGrid(this);
    m_energy = row->add(QStringLiteral("Energy of an inference"));
    m_average = row->add(QStringLiteral("Average power"));
    m_battery = row->add(QStringLiteral("Battery lasts"));
    m_harvest = row->add(QStringLiteral("Harvester affords"));
    return row;
}

EnergyPage::Dial& EnergyPage::addDial(QGridLayout* grid, const QString& name, const QString& unit, double* value,
                                      double low, double high, int digits) {
    auto dial = std::make_unique<Dial>(
        Dial{value, low, high, new QSlider(Qt::Horizontal, this), new QDoubleSpinBox(this), new QLabel(name, this)});
    dial->slider->setRange(0, kSliderSteps);
    dial->slider->setAccessibleName(name);
    dial->number->setRange(0, high);
    dial->number->setDecimals(digits);
    dial->number->setSuffix(unit);
    dial->number->setAccessibleName(name);
    dial->number->setKeyboardTracking(false);
    dial->number->setGroupSeparatorShown(true);
    dial->number->setLocale(QLocale::c());
    dial->number->setAlignment(Qt::AlignRight);
    dial->number->setMinimumWidth(120);
    dial->caption->setBuddy(dial->number);
    const int row = grid->rowCount();
    grid->addWidget(dial->caption, row, 0);
    grid->addWidget(dial->slider, row, 1);
    grid->addWidget(dial->number, row, 2);
    Dial* raw = dial.get();
    connect(raw->slider, &QSlider::valueChanged, this, [this, raw](int step) {
        // Equal ways on the slider are equal factors; its left end is nothing at all.
        setDial(*raw, step == 0 ? raw->number->minimum()
                                : raw->low * std::pow(raw->high / raw->low, static_cast<double>(step) / kSliderSteps));
        calculate();
    });
    connect(raw->number, &QDoubleSpinBox::valueChanged, this, [this, raw](double now) {
        setDial(*raw, now);
        calculate();
    });
    m_dials.push_back(std::move(dial));
    return *raw;
}

void EnergyPage::setDial(Dial& dial, double value) {
    *dial.value = value;
    const QSignalBlocker quietSlider(dial.slider);
    const QSignalBlocker quietNumber(dial.number);
    const double share =
        value <= dial.low ? (value > 0 ? 0.001 : 0) : std::log(value / dial.low) / std::log(dial.high / dial.low);
    dial.slider->setValue(static_cast<int>(std::lround(share * kSliderSteps)));
    dial.number->setValue(value);
}

void EnergyPage::setDocument(DocumentPtr document) {
    Page::setDocument(document);
    m_power->setDocument(document);
    if (!document) {
        return;
    }
    m_cost = inferenceCost(document->profile);
    m_inputs.clockMhz = m_cost.clockMhz;
    m_inputs.sleepMicrowatts = m_cost.sleepMicrowatts;
    for (auto& dial : m_dials) {
        if (dial->value == &m_inputs.clockMhz && m_cost.maxClockMhz > 0) {
            dial->high = m_cost.maxClockMhz;
            dial->number->setMaximum(m_cost.maxClockMhz);
        }
        setDial(*dial, *dial->value);
    }
    const ProfileBoard& board = document->profile.board;
    m_basis->setText(
        m_cost.energyUj > 0
            ? QStringLiteral("Basis: %1, %2. The cycles are those of the run; another clock would change wait states, "
                             "which is not simulated here.")
                  .arg(qt(board.name), board.supply.empty() ? QStringLiteral("calibrated") : qt(board.supply))
        : document->profile.totals.energyUj > 0
            ? QStringLiteral("The run had no inference, so that the energy of one is not known.")
            : QStringLiteral("No energy is known of this run: the board has no supply table. Run with a calibration to "
                             "get figures."));
    if (m_cost.energyUj > 0) {
        const Waiting waiting = waitingState(document->profile);
        m_basis->setText(
            QStringLiteral("%1 Between inferences: %2, %3.")
                .arg(m_basis->text(), qt(describeState(waiting.state)),
                     qt(waiting.state.microamp ? waiting.why : waiting.state.source + ": set its power yourself")));
    }
    showBars();
    calculate();
}

QVariantMap EnergyPage::state() const {
    QVariantMap state;
    for (const auto& dial : m_dials) {
        if (dial->value != &m_inputs.clockMhz && dial->value != &m_inputs.sleepMicrowatts) {
            state.insert(dial->caption->text(), *dial->value);
        }
    }
    return state;
}

void EnergyPage::setState(const QVariantMap& state) {
    for (auto& dial : m_dials) {
        bool valid = false;
        const double value = state.value(dial->caption->text()).toDouble(&valid);
        if (valid && value >= dial->number->minimum() && value <= dial->number->maximum()) {
            setDial(*dial, value);
        }
    }
}

void EnergyPage::followLayer(int layer) {
    m_bars->setSelected(layer);
    if (const QRect bar = m_bars->placeOf(layer); !bar.isEmpty()) {
        m_scroll->ensureVisible(bar.left(), bar.center().y(), 0, bar.height());
    }
}

void EnergyPage::showBars() {
    if (!document()) {
        return;
    }
    const Profile& profile = document()->profile;
    const Counting counting = possible(profile, selection()->counting());
    const std::vector<LayerInfo> layers = countedLayers(profile, counting);
    m_barsCard->setTitle(QStringLiteral("Energy by layer, %1").arg(countingText(profile, counting)));
    const Theme& theme = Theme::of(this);
    std::vector<Share> bars;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const LayerInfo& layer = layers[i];
        bars.push_back({layerText(layer), energyText(layer.energyUj), layer.energyUj, theme.ofOperator(layer.op),
                        static_cast<int>(i)});
    }
    // What belongs to no layer is known as a sum only.
    if (counting == Counting{Figure::Sum, -1}) {
        for (const Owner& owner : profile.owners) {
            bars.push_back({qt(owner.name), energyText(owner.energyUj), owner.energyUj, theme.neutral, -1});
        }
    }
    m_bars->setBars(std::move(bars));
    followLayer(selection()->layer());
}

void EnergyPage::calculate() {
    m_inputs.inferencesPerHour = kSecondsPerHour / m_periodSeconds;
    m_answer = calculateDuty(m_cost, m_inputs);
    const double band = m_cost.bandPercent;
    const bool known = m_answer.energyPerInferenceUj > 0;
    m_energy->setValue(
        known ? energyText(m_answer.energyPerInferenceUj) : QStringLiteral("–"),
        known ? QStringLiteral("±%1 %, %2").arg(qt(fixed(band, 0)), timeText(m_answer.secondsPerInference * 1e6))
              : QString());
    m_average->setValue(
        known ? powerText(m_answer.averageMicrowatts) : QStringLiteral("–"),
        known ? QStringLiteral("awake %1 % of the time, %2/h")
                    .arg(qt(threeDigits(m_answer.activePercent)), qt(threeDigits(m_inputs.inferencesPerHour)))
              : QString());
    m_battery->setValue(known ? daysText(m_answer.batteryDays) : QStringLiteral("–"),
                        known ? bandText(daysText(m_answer.batteryDaysLow), daysText(m_answer.batteryDaysHigh))
                              : QString());
    const auto perHour = [](double number) { return qt(threeDigits(number)) + QStringLiteral("/h"); };
    m_harvest->setValue(known ? perHour(m_answer.affordablePerHour) : QStringLiteral("–"),
                        known ? bandText(perHour(m_answer.affordableLow), perHour(m_answer.affordableHigh))
                              : QString());
    if (!known) {
        m_verdict->setText(QStringLiteral("There is no energy figure to calculate with."));
    } else if (m_answer.tooMany) {
        m_verdict->setText(
            QStringLiteral("The period is too short: one inference takes %1, back to back the core makes %2 an hour.")
                .arg(timeText(m_answer.secondsPerInference * 1e6), qt(threeDigits(m_answer.mostPerHour))));
    } else if (m_answer.affordablePerHour >= m_inputs.inferencesPerHour) {
        m_verdict->setText(
            QStringLiteral("The harvester alone carries this duty cycle, with %1 to spare.")
                .arg(powerText(std::max(0.0, m_inputs.harvesterMicrowatts - m_answer.averageMicrowatts))));
    } else {
        m_verdict->setText(
            QStringLiteral("The harvester falls short by %1; the battery has to give the rest.")
                .arg(powerText(std::max(0.0, m_answer.averageMicrowatts - m_inputs.harvesterMicrowatts))));
    }
}

} // namespace simprof::gui
